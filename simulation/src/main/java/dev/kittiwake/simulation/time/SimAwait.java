package dev.kittiwake.simulation.time;

import dev.kittiwake.client.Await;
import dev.kittiwake.client.error.DeadlineExceededException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Waiting in a simulation: a fiber hands over; the simulator's own thread, between events, lets
 * time pass.
 */
public final class SimAwait implements Await {
  private static final long PATIENCE_NANOS = 3_600_000_000_000L;

  private final VirtualTime time;

  public SimAwait(VirtualTime time) {
    this.time = time;
  }

  @Override
  public <T> T await(CompletableFuture<T> future, long timeoutNanos) {
    if (!future.isDone()) {
      Fiber fiber = Fiber.current();
      if (fiber != null) {
        fiber.waitFor(future, timeoutNanos);
      } else {
        time.runUntil(Math.min(timeoutNanos, PATIENCE_NANOS), future::isDone);
      }
    }
    if (!future.isDone()) {
      throw new DeadlineExceededException("the deadline passed before the call was done", null);
    }
    try {
      return future.join();
    } catch (CompletionException | CancellationException failure) {
      throw Await.failure(failure);
    }
  }
}
