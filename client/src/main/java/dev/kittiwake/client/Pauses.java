package dev.kittiwake.client;

import dev.kittiwake.client.error.KvException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The pauses between attempts that callers wait for. A timer that is shut down forgets its tasks:
 * whoever waits for one would wait for ever, so the end of the client is told to all of them.
 * Thread-safe.
 */
public final class Pauses {
  private final Set<CompletableFuture<Void>> open = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /** Completes after {@code millis} on {@code executor}, or fails at once when all end. */
  CompletableFuture<Void> start(long millis, ScheduledExecutorService timer, Executor executor) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    open.add(over);
    over.whenComplete((done, failure) -> open.remove(over));
    try {
      timer.schedule(
          () -> executor.execute(() -> over.complete(null)), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException shutDown) {
      over.completeExceptionally(closed());
    }
    if (ended) { // it may have come after those that were ended
      over.completeExceptionally(closed());
    }
    return over;
  }

  /** Fails all that are under way, and any that would come. */
  void end() {
    ended = true;
    open.forEach(over -> over.completeExceptionally(closed()));
  }

  private static KvException closed() {
    return new KvException("the client is closed");
  }
}
