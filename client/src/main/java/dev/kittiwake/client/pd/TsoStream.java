package dev.kittiwake.client.pd;

import dev.kittiwake.client.rpc.GrpcChannel;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.pdpb.PDGrpc;
import dev.kittiwake.proto.pdpb.RequestHeader;
import dev.kittiwake.proto.pdpb.TsoRequest;
import dev.kittiwake.proto.pdpb.TsoResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * The timestamp stream of one member: requests are pipelined, responses come in their order. A
 * stream that breaks fails what waits; the next request opens another one. Thread-safe.
 */
final class TsoStream {
  private record Pending(int count, CompletableFuture<Long> largest) {}

  private final GrpcChannel channel;
  private Round round; // guarded by this; null while there is no stream

  TsoStream(GrpcChannel channel) {
    this.channel = channel;
  }

  CompletableFuture<Long> request(long clusterId, int count) {
    Pending pending = new Pending(count, new CompletableFuture<>());
    TsoRequest request =
        TsoRequest.newBuilder()
            .setHeader(RequestHeader.newBuilder().setClusterId(clusterId))
            .setCount(count)
            .build();
    Round open;
    synchronized (this) {
      open = round;
      if (open == null) {
        open = new Round();
        round = open;
        open.sending = PDGrpc.newStub(channel.connected()).tso(open);
      }
      open.pending.add(pending);
      open.sending.onNext(request);
    }
    Round sentOn = open;
    if (sentOn.ended != null) {
      sentOn.end(sentOn.ended); // ended before our request was in its queue
    }
    // Given up by a timeout above: the stream is out of step then, so it ends. Who waits beside has
    // cancelled nothing, and may ask again.
    pending.largest.whenComplete(
        (value, failure) -> {
          if (failure instanceof CancellationException) {
            sentOn.end(
                Status.UNAVAILABLE
                    .withDescription("a timestamp did not come in time")
                    .asRuntimeException());
          } else if (failure != null) {
            sentOn.end(failure);
          }
        });
    return pending.largest;
  }

  /** One stream from its opening to its end. */
  private final class Round implements StreamObserver<TsoResponse> {
    final Deque<Pending> pending = new ArrayDeque<>(); // guarded by the outer object
    StreamObserver<TsoRequest> sending;
    volatile Throwable ended; // why; null while the stream lives

    @Override
    public void onNext(TsoResponse response) {
      Pending first;
      synchronized (TsoStream.this) {
        first = pending.poll();
      }
      if (first == null || response.getCount() != first.count) {
        RuntimeException outOfStep =
            Status.INTERNAL.withDescription("timestamps out of step").asRuntimeException();
        end(outOfStep);
        if (first != null) {
          first.largest.completeExceptionally(outOfStep);
        }
        return;
      }
      first.largest.complete(
          Timestamp.of(
              response.getTimestamp().getPhysical(), response.getTimestamp().getLogical()));
    }

    @Override
    public void onError(Throwable cause) {
      end(cause);
    }

    @Override
    public void onCompleted() {
      end(Status.UNAVAILABLE.withDescription("timestamp stream closed").asRuntimeException());
    }

    void end(Throwable cause) {
      List<Pending> lost;
      boolean open;
      ended = cause;
      synchronized (TsoStream.this) {
        open = round == this;
        if (open) {
          round = null;
        }
        lost = new ArrayList<>(pending);
        pending.clear();
      }
      if (open && sending != null) {
        sending.onError(Status.CANCELLED.withDescription("stream given up").asException());
      }
      lost.forEach(each -> each.largest.completeExceptionally(cause));
    }
  }
}
