package dev.kittiwake.client.rpc;

import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.proto.tikvpb.BatchCommandsRequest;
import dev.kittiwake.proto.tikvpb.BatchCommandsResponse;
import dev.kittiwake.proto.tikvpb.TikvGrpc;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many requests on one stream. Whoever brings a request while no sending is due asks the
 * connection's event loop for it, which then sends all that is queued, up to {@value #MAX_BATCH}
 * requests to a message: the loop would have to be woken anyway, and what comes until it runs
 * shares the message. So batches form by themselves under load and nobody waits for one. While the
 * connection is full the queue waits for it. When the stream breaks everything on it fails with its
 * status; the next request opens another stream. Thread-safe.
 */
final class BatchCommandsStream {
  static final int MAX_BATCH = 128;
  private static final int MAX_PENDING = 65_536;

  /** One request under way. */
  private static final class Pending<Q, R> {
    final long id;
    final KvMethod<Q, R> method;
    final Q request;
    final long deadlineNanos;
    final CompletableFuture<R> answer = new CompletableFuture<>();
    volatile boolean sent; // may have reached the store

    Pending(long id, KvMethod<Q, R> method, Q request, long deadlineNanos) {
      this.id = id;
      this.method = method;
      this.request = request;
      this.deadlineNanos = deadlineNanos;
    }

    BatchCommandsRequest.Request wrapped() {
      return method.wrapRequest(request);
    }

    void complete(BatchCommandsResponse.Response response) {
      if (response.getCmdCase().getNumber() != method.batchCase().getNumber()) {
        answer.completeExceptionally(
            Status.INTERNAL
                .withDescription(method + " was answered with " + response.getCmdCase())
                .asRuntimeException());
      } else {
        answer.complete(method.unwrapResponse(response));
      }
    }
  }

  private final GrpcChannel channel;
  private final AtomicLong ids = new AtomicLong();
  private final Executor loop;
  private final AtomicBoolean due = new AtomicBoolean(); // the loop has been asked to send
  private volatile Round round; // null while there is no stream

  /**
   * @param loop runs one task at a time; best the one that carries the channel's connection
   */
  BatchCommandsStream(GrpcChannel channel, Executor loop) {
    this.channel = channel;
    this.loop = loop;
  }

  <Q, R> CompletableFuture<R> call(KvMethod<Q, R> method, Q request, long deadlineNanos) {
    Pending<Q, R> pending = new Pending<>(ids.incrementAndGet(), method, request, deadlineNanos);
    Round open = open();
    if (open.pending.size() >= MAX_PENDING) {
      return CompletableFuture.failedFuture(
          Status.RESOURCE_EXHAUSTED
              .withDescription("more than " + MAX_PENDING + " requests wait for one store")
              .asRuntimeException());
    }
    open.pending.put(pending.id, pending);
    open.queue.add(pending);
    if (open.ended) {
      open.failAll();
    } else {
      sendSoon();
    }
    return pending.answer;
  }

  private Round open() {
    Round open = round;
    if (open != null) {
      return open;
    }
    synchronized (this) {
      open = round;
      if (open == null) {
        open = new Round();
        round = open;
        // May end the round before it returns, if the connection is known to be down.
        TikvGrpc.newStub(channel.connected()).batchCommands(open);
      }
      return open;
    }
  }

  private void sendSoon() {
    if (!due.get() && due.compareAndSet(false, true)) {
      try {
        loop.execute(this::send);
      } catch (RejectedExecutionException closed) {
        due.set(false);
        Round open = round;
        if (open != null) {
          open.end(
              Status.CANCELLED
                  .withDescription("the client is closed")
                  .withCause(closed)
                  .asRuntimeException());
        }
      }
    }
  }

  /** On the loop. */
  private void send() {
    due.set(false); // before looking: who queues from now on asks again
    Round open = round;
    if (open != null) {
      try {
        open.sendQueued();
      } catch (RuntimeException e) {
        open.end(e); // a request that cannot be encoded must not stop the others for ever
      }
    }
  }

  /** Fails what has waited past its deadline. */
  void expire(long nowNanos) {
    Round open = round;
    if (open == null) {
      return;
    }
    for (Pending<?, ?> pending : open.pending.values()) {
      if (nowNanos - pending.deadlineNanos > 0 && open.pending.remove(pending.id) != null) {
        pending.answer.completeExceptionally(
            Status.DEADLINE_EXCEEDED
                .withDescription("no answer to " + pending.method + " in time")
                .asRuntimeException());
      }
    }
  }

  boolean isIdle() {
    Round open = round;
    return open == null || open.pending.isEmpty();
  }

  /** One stream from its opening to its end. */
  private final class Round
      implements ClientResponseObserver<BatchCommandsRequest, BatchCommandsResponse> {
    final Map<Long, Pending<?, ?>> pending = new ConcurrentHashMap<>();
    final Queue<Pending<?, ?>> queue = new ConcurrentLinkedQueue<>();
    private volatile ClientCallStreamObserver<BatchCommandsRequest> stream;
    volatile boolean ended;
    private volatile Throwable cause;

    @Override
    public void beforeStart(ClientCallStreamObserver<BatchCommandsRequest> requests) {
      stream = requests;
      requests.setOnReadyHandler(BatchCommandsStream.this::sendSoon);
    }

    /** On the loop. */
    void sendQueued() {
      ClientCallStreamObserver<BatchCommandsRequest> open = stream;
      while (!ended && open != null && open.isReady() && !queue.isEmpty()) {
        BatchCommandsRequest.Builder batch = BatchCommandsRequest.newBuilder();
        Pending<?, ?> next;
        while (batch.getRequestsCount() < MAX_BATCH && (next = queue.poll()) != null) {
          if (pending.containsKey(next.id)) { // not given up meanwhile
            batch.addRequests(next.wrapped()).addRequestIds(next.id);
            next.sent = true;
          }
        }
        if (batch.getRequestsCount() > 0) {
          open.onNext(batch.build());
        }
      }
    }

    @Override
    public void onNext(BatchCommandsResponse batch) {
      for (int i = 0; i < batch.getRequestIdsCount() && i < batch.getResponsesCount(); i++) {
        Pending<?, ?> answered = pending.remove(batch.getRequestIds(i));
        if (answered != null) {
          answered.complete(batch.getResponses(i));
        }
      }
    }

    @Override
    public void onError(Throwable failure) {
      end(failure);
    }

    @Override
    public void onCompleted() {
      end(Status.UNAVAILABLE.withDescription("the store closed the stream").asRuntimeException());
    }

    private void end(Throwable failure) {
      synchronized (BatchCommandsStream.this) {
        if (round == this) {
          round = null;
        }
      }
      cause = failure;
      ended = true;
      failAll();
    }

    /** Whoever adds a request after the end, or ends, fails what is there. */
    void failAll() {
      List<Long> lost = new ArrayList<>(pending.keySet());
      for (Long id : lost) {
        Pending<?, ?> failed = pending.remove(id);
        if (failed != null) {
          failed.answer.completeExceptionally(
              failed.sent ? cause : new NotSentException(Status.fromThrowable(cause)));
        }
      }
      queue.clear();
    }
  }
}
