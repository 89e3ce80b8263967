package dev.kittiwake.client;

import dev.kittiwake.client.error.CancelledException;
import dev.kittiwake.client.error.DeadlineExceededException;
import dev.kittiwake.client.error.KvException;
import java.util.concurrent.CompletableFuture;

/**
 * How long the calls of one user (a transaction, a statement) may take, and whether somebody wants
 * them to end. One thread waits at a time; {@link #cancel} may come from any thread.
 */
public final class CallScope {
  private static final long NO_DEADLINE = Long.MAX_VALUE;

  private final ClientRuntime runtime;
  private final long epoch; // nanos when the scope began; deadlines count from here
  private volatile long deadline = NO_DEADLINE; // nanos since epoch
  private boolean cancelled; // guarded by this; cleared when reported
  private CompletableFuture<?> waiting; // guarded by this; what the thread waits for now

  public CallScope(ClientRuntime runtime) {
    this.runtime = runtime;
    this.epoch = runtime.nanos().getAsLong();
  }

  /** Sets the deadline that much from now; negative for none. */
  public void deadlineIn(long nanos) {
    deadline = nanos < 0 ? NO_DEADLINE : elapsed() + nanos;
  }

  private long elapsed() {
    return runtime.nanos().getAsLong() - epoch;
  }

  /** Time left; {@link Await#FOREVER} without deadline. */
  public long remainingNanos() {
    return deadline == NO_DEADLINE ? Await.FOREVER : deadline - elapsed();
  }

  /** Ends the wait of now or, if there is none, the next one. */
  public void cancel() {
    CompletableFuture<?> ended;
    synchronized (this) {
      cancelled = true;
      ended = waiting;
    }
    if (ended != null) {
      ended.completeExceptionally(new CancelledException("the call was cancelled"));
    }
  }

  /** Forgets a cancel that no wait has met: it came too late. */
  public synchronized void resume() {
    cancelled = false;
  }

  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /**
   * @throws CancelledException if somebody cancelled; reported once
   * @throws DeadlineExceededException if the deadline has passed
   */
  public void check() {
    synchronized (this) {
      if (cancelled) {
        cancelled = false;
        throw new CancelledException("the call was cancelled");
      }
    }
    if (remainingNanos() <= 0) {
      throw new DeadlineExceededException("the deadline passed before the call was done");
    }
  }

  /** The failure that {@link #check} would throw, without clearing it; null if none. */
  public KvException failure() {
    if (isCancelled()) {
      return new CancelledException("the call was cancelled");
    }
    return remainingNanos() <= 0
        ? new DeadlineExceededException("the deadline passed before the call was done")
        : null;
  }

  /** Waits for {@code future} within the deadline, and until cancelled. */
  public <T> T await(CompletableFuture<T> future) {
    if (future.isDone()) {
      return runtime.await().await(future, Await.FOREVER);
    }
    check();
    CompletableFuture<T> ending = future.copy();
    synchronized (this) {
      waiting = ending;
      if (cancelled) {
        ending.cancel(false);
      }
    }
    try {
      return runtime.await().await(ending, remainingNanos());
    } finally {
      synchronized (this) {
        waiting = null;
        cancelled = cancelled && !ending.isCompletedExceptionally();
      }
    }
  }
}
