package dev.kittiwake.pd.peer;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import dev.kittiwake.proto.pdstore.JoinRequest;
import dev.kittiwake.proto.pdstore.JoinResponse;
import dev.kittiwake.proto.pdstore.PeerAck;
import dev.kittiwake.proto.pdstore.PeerEnvelope;
import dev.kittiwake.proto.pdstore.PeerFrame;
import dev.kittiwake.proto.pdstore.PeersGrpc;
import io.grpc.ManagedChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The way to one member: a few frames on their way at a time, what comes meanwhile goes into the
 * next one. Bounded: what does not fit, or cannot be sent, is dropped, and raft sends it again.
 *
 * <p>A call that gets no answer in time costs the connection: after a cut of the network an old one
 * can stay silent for long after the cut has healed. Thread-safe.
 */
final class PeerConnection implements AutoCloseable {
  private static final int MAX_QUEUED = 2_000;
  private static final int MAX_FRAME = 128;
  private static final int MAX_IN_FLIGHT = 4;
  private static final long FRAME_MILLIS = 1_000;
  private static final long SNAPSHOT_MILLIS = 60_000;
  private static final long PAUSE_NANOS = 100_000_000;

  private final Supplier<ManagedChannel> channels;
  private final LongSupplier nanos;
  private final Deque<PeerEnvelope> queue = new ArrayDeque<>(); // guarded by this
  private ManagedChannel channel; // guarded by this; null: none now
  private int inFlight; // guarded by this
  private boolean pausing; // guarded by this
  private long pausedUntilNanos; // guarded by this
  private boolean closed; // guarded by this

  PeerConnection(Supplier<ManagedChannel> channels, LongSupplier nanos) {
    this.channels = channels;
    this.nanos = nanos;
  }

  void send(PeerEnvelope envelope) {
    synchronized (this) {
      if (closed || queue.size() >= MAX_QUEUED || isPausing()) {
        return;
      }
      queue.add(envelope);
    }
    pump();
  }

  private boolean isPausing() {
    pausing = pausing && nanos.getAsLong() - pausedUntilNanos < 0;
    return pausing;
  }

  private void pump() {
    while (true) {
      PeerFrame.Builder frame = PeerFrame.newBuilder();
      PeersGrpc.PeersFutureStub stub;
      synchronized (this) {
        if (closed || queue.isEmpty() || inFlight >= MAX_IN_FLIGHT) {
          return;
        }
        while (!queue.isEmpty() && frame.getEnvelopesCount() < MAX_FRAME) {
          frame.addEnvelopes(queue.poll());
        }
        inFlight++;
        stub = stub(FRAME_MILLIS);
      }
      Futures.addCallback(
          stub.exchange(frame.build()),
          new FutureCallback<PeerAck>() {
            @Override
            public void onSuccess(PeerAck ack) {
              ended(null);
            }

            @Override
            public void onFailure(Throwable failure) {
              ended(failure);
            }
          },
          MoreExecutors.directExecutor());
    }
  }

  private PeersGrpc.PeersFutureStub stub(long millis) {
    if (channel == null) {
      channel = channels.get();
    }
    return PeersGrpc.newFutureStub(channel).withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
  }

  private void ended(Throwable failure) {
    ManagedChannel dropped = null;
    synchronized (this) {
      inFlight--;
      if (failure != null) {
        queue.clear();
        pausing = true;
        pausedUntilNanos = nanos.getAsLong() + PAUSE_NANOS;
        dropped = channel;
        channel = null;
      }
    }
    if (dropped != null) {
      dropped.shutdownNow();
    }
    pump();
  }

  /** On a connection of its own, which lives as long as the snapshot is under way. */
  CompletableFuture<Void> sendSnapshot(PeerEnvelope envelope) {
    ManagedChannel own = channels.get();
    return completable(
            PeersGrpc.newFutureStub(own)
                .withDeadlineAfter(SNAPSHOT_MILLIS, TimeUnit.MILLISECONDS)
                .snapshot(envelope))
        .whenComplete((ack, failure) -> own.shutdownNow())
        .thenApply(ack -> null);
  }

  CompletableFuture<JoinResponse> join(JoinRequest request, long millis) {
    synchronized (this) {
      return completable(stub(millis).join(request));
    }
  }

  private static <T> CompletableFuture<T> completable(ListenableFuture<T> source) {
    CompletableFuture<T> target = new CompletableFuture<>();
    Futures.addCallback(
        source,
        new FutureCallback<T>() {
          @Override
          public void onSuccess(T value) {
            target.complete(value);
          }

          @Override
          public void onFailure(Throwable failure) {
            target.completeExceptionally(failure);
          }
        },
        MoreExecutors.directExecutor());
    return target;
  }

  @Override
  public void close() {
    ManagedChannel dropped;
    synchronized (this) {
      closed = true;
      dropped = channel;
      channel = null;
    }
    if (dropped != null) {
      dropped.shutdownNow();
    }
  }
}
