package dev.kittiwake.client.pd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * Lets callers that want a timestamp share requests. At most two requests are on their way; who
 * comes meanwhile waits for the next one, together with all others. Nobody joins a request that has
 * been sent: its timestamps may be older than the call. Thread-safe; never blocks.
 */
final class TsoBatcher {
  static final int MAX_IN_FLIGHT = 2;
  static final int MAX_BATCH = 10_000;

  private final IntFunction<CompletableFuture<Long>> source; // count to the largest of so many
  private final Deque<CompletableFuture<Long>> waiting = new ArrayDeque<>(); // guarded by this
  private int inFlight; // guarded by this; <= MAX_IN_FLIGHT

  TsoBatcher(IntFunction<CompletableFuture<Long>> source) {
    this.source = source;
  }

  CompletableFuture<Long> timestamp() {
    CompletableFuture<Long> caller = new CompletableFuture<>();
    synchronized (this) {
      waiting.add(caller);
    }
    sendWaiting();
    return caller;
  }

  private void sendWaiting() {
    while (true) {
      List<CompletableFuture<Long>> batch;
      synchronized (this) {
        if (inFlight >= MAX_IN_FLIGHT || waiting.isEmpty()) {
          return;
        }
        inFlight++;
        batch = new ArrayList<>(Math.min(waiting.size(), MAX_BATCH));
        while (!waiting.isEmpty() && batch.size() < MAX_BATCH) {
          batch.add(waiting.poll());
        }
      }
      CompletableFuture<Long> answer = ask(batch.size());
      if (answer.isDone()) {
        finish(batch, answer);
      } else {
        answer.whenComplete(
            (largest, failure) -> {
              finish(batch, answer);
              sendWaiting();
            });
      }
    }
  }

  /** Whatever goes wrong, those who wait are told: a request that throws has failed. */
  private CompletableFuture<Long> ask(int count) {
    try {
      return source.apply(count);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void finish(List<CompletableFuture<Long>> batch, CompletableFuture<Long> answer) {
    synchronized (this) {
      inFlight--;
    }
    if (answer.isCompletedExceptionally()) {
      answer.whenComplete(
          (none, failure) -> batch.forEach(caller -> caller.completeExceptionally(failure)));
      return;
    }
    long next = answer.join() - batch.size() + 1;
    for (CompletableFuture<Long> caller : batch) {
      caller.complete(next++);
    }
  }
}
