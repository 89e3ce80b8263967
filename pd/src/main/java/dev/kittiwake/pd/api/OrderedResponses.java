package dev.kittiwake.pd.api;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** Sends the responses of a stream in the order of its requests, whatever order they come in. */
final class OrderedResponses<R> {
  private static final int MAX_PENDING = 100_000;

  private final StreamObserver<R> target;
  private final Deque<CompletableFuture<R>> pending = new ArrayDeque<>();
  private boolean halfClosed;
  private boolean ended;

  OrderedResponses(StreamObserver<R> target) {
    this.target = target;
  }

  synchronized void add(CompletableFuture<R> response) {
    if (ended) {
      return;
    }
    if (pending.size() >= MAX_PENDING) {
      end(
          Status.RESOURCE_EXHAUSTED.withDescription(
              MAX_PENDING + " requests of this stream are not answered yet"));
      return;
    }
    pending.add(response);
    if (!response.isDone()) {
      response.whenComplete((value, failure) -> flush());
    }
    flush();
  }

  /** The client sends nothing more: end with OK once everything is answered. */
  synchronized void halfClose() {
    halfClosed = true;
    flush();
  }

  /** The client has gone. */
  synchronized void cancel() {
    ended = true;
    pending.clear();
  }

  private synchronized void flush() {
    while (!ended && !pending.isEmpty() && pending.peek().isDone()) {
      CompletableFuture<R> first = pending.poll();
      if (first.isCompletedExceptionally()) {
        first.whenComplete((none, failure) -> end(PdApi.status(failure).getStatus()));
      } else {
        target.onNext(first.join());
      }
    }
    if (!ended && halfClosed && pending.isEmpty()) {
      ended = true;
      target.onCompleted();
    }
  }

  private void end(Status status) {
    ended = true;
    pending.clear();
    target.onError(status.asRuntimeException());
  }
}
