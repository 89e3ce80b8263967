package dev.kittiwake.kv.raw;

import dev.kittiwake.proto.key.Key;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Lets operations on the same keys run one after the other, first come first served. Thread-safe,
 * never blocks.
 */
final class RawLatches {
  private final Map<Key, ArrayDeque<Turn>> queues =
      new HashMap<>(); // guarded by this; the head of a queue holds the key

  /** An operation that waits for, or holds, its keys. */
  private final class Turn {
    private final Collection<Key> keys;
    private final Runnable run;
    private int missing; // keys not held yet

    Turn(Collection<Key> keys, Runnable run) {
      this.keys = keys;
      this.run = run;
    }
  }

  /**
   * Runs {@code operation} once all {@code keys} are free, and frees them when its future is done.
   */
  <R> CompletableFuture<R> holding(Collection<Key> keys, Supplier<CompletableFuture<R>> operation) {
    CompletableFuture<R> result = new CompletableFuture<>();
    Collection<Key> distinct = new TreeSet<>(keys);
    Turn[] turn = new Turn[1];
    turn[0] = new Turn(distinct, () -> start(operation, result, turn[0]));
    boolean ready;
    synchronized (this) {
      for (Key key : distinct) {
        ArrayDeque<Turn> queue = queues.computeIfAbsent(key, k -> new ArrayDeque<>(2));
        if (!queue.isEmpty()) {
          turn[0].missing++;
        }
        queue.add(turn[0]);
      }
      ready = turn[0].missing == 0;
    }
    if (ready) {
      turn[0].run.run();
    }
    return result;
  }

  private <R> void start(
      Supplier<CompletableFuture<R>> operation, CompletableFuture<R> result, Turn turn) {
    CompletableFuture<R> done;
    try {
      done = operation.get();
    } catch (RuntimeException failure) {
      done = CompletableFuture.failedFuture(failure);
    }
    done.whenComplete(
        (value, failure) -> {
          List<Turn> next = release(turn);
          if (failure == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(failure);
          }
          next.forEach(one -> one.run.run());
        });
  }

  private synchronized List<Turn> release(Turn turn) {
    List<Turn> ready = new ArrayList<>();
    for (Key key : turn.keys) {
      ArrayDeque<Turn> queue = queues.get(key);
      queue.remove();
      if (queue.isEmpty()) {
        queues.remove(key);
      } else if (--queue.peek().missing == 0) {
        ready.add(queue.peek());
      }
    }
    return ready;
  }
}
