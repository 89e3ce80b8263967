package dev.kittiwake.kv.txn;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.wait.Latches;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Lets operations on the same keys run one after the other, first come first served. Thread-safe,
 * never blocks.
 */
public final class KeyLatches {
  private final Latches<Runnable> latches; // guarded by itself
  private final Executor continuations;

  /**
   * @param slots how many keys can be told apart, a power of two
   * @param continuations where operations start that had to wait
   */
  public KeyLatches(int slots, Executor continuations) {
    this.latches = new Latches<>(slots);
    this.continuations = continuations;
  }

  /**
   * Runs {@code operation} once all {@code keys} are free, and frees them when its future is done,
   * before the returned future completes. Without keys, or if they are free, it runs at once on the
   * calling thread.
   */
  public <R> CompletableFuture<R> holding(
      List<Key> keys, Supplier<CompletableFuture<R>> operation) {
    if (keys.isEmpty()) {
      return operation.get();
    }
    Turn<R> turn = new Turn<>(operation);
    boolean granted;
    synchronized (latches) {
      turn.latch = latches.latch(keys, turn);
      granted = latches.acquire(turn.latch);
    }
    if (granted) {
      turn.run();
    }
    return turn.result;
  }

  /** An operation that waits for, or holds, its keys. */
  private final class Turn<R> implements Runnable {
    private final Supplier<CompletableFuture<R>> operation;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private Latches.Latch<Runnable> latch;

    Turn(Supplier<CompletableFuture<R>> operation) {
      this.operation = operation;
    }

    @Override
    public void run() {
      CompletableFuture<R> done;
      try {
        done = operation.get();
      } catch (RuntimeException failure) {
        done = CompletableFuture.failedFuture(failure);
      }
      done.whenComplete(this::finish);
    }

    private void finish(R value, Throwable failure) {
      List<Latches.Latch<Runnable>> next;
      synchronized (latches) {
        next = latches.release(latch);
      }
      next.forEach(granted -> continuations.execute(granted.owner()));
      if (failure == null) {
        result.complete(value);
      } else {
        result.completeExceptionally(failure);
      }
    }
  }
}
