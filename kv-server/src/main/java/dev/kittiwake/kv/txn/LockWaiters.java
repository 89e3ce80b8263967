package dev.kittiwake.kv.txn;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.ReleasedLock;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.wait.LockQueue;
import dev.kittiwake.txn.wait.WaitEdge;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Commands that wait for a lock on this store.
 *
 * <p>When a lock is released the waiter with the smallest start timestamp goes on at once, all
 * others of that key after a short delay: most likely the first has the lock by then, and they wait
 * again, for the new holder. A waiter that goes on executes its command anew and finds out by
 * itself how things stand. Thread-safe.
 */
public final class LockWaiters {
  /** What ends a wait. */
  public enum Wake {
    /** The lock may be free: execute again. */
    RELEASED,
    TIMED_OUT
  }

  /** How a wait ended; {@code deadlock} is null unless it was refused. */
  public record Ended(Wake wake, KeyError.Deadlock deadlock, long waitedMillis) {}

  private final DeadlockService deadlocks;
  private final ScheduledExecutorService timer;
  private final Executor wakeups;
  private final LongSupplier nanos;
  private final long wakeDelayMillis;
  private final int maxWaiters;

  private final LockQueue<Wait> queue = new LockQueue<>(); // guarded by this
  private final Set<Key> lookLater =
      new HashSet<>(); // guarded by this; keys whose waiters will be woken soon

  private static final class Wait {
    private final long sinceNanos;
    private final WaitEdge edge; // null if the detector need not know
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> reported =
        new CompletableFuture<>(); // the detector has answered
    private ScheduledFuture<?> timeout;

    Wait(long sinceNanos, WaitEdge edge) {
      this.sinceNanos = sinceNanos;
      this.edge = edge;
    }
  }

  /**
   * @param timer ends waits that last too long
   * @param wakeups where those that go on execute again
   * @param maxWaiters more are refused
   */
  public LockWaiters(
      DeadlockService deadlocks,
      ScheduledExecutorService timer,
      Executor wakeups,
      LongSupplier nanos,
      long wakeDelayMillis,
      int maxWaiters) {
    this.deadlocks = deadlocks;
    this.timer = timer;
    this.wakeups = wakeups;
    this.nanos = nanos;
    this.wakeDelayMillis = wakeDelayMillis;
    this.maxWaiters = maxWaiters;
  }

  /**
   * Waits for {@code locked}. To be called while the latch of its key is held, so that the release
   * cannot come in between.
   *
   * @param isFirstLock the transaction holds no lock yet, so nobody can wait for it
   * @return null if there are too many waiters already
   */
  CompletableFuture<Ended> park(
      long startTs, LockedKey locked, boolean isFirstLock, long timeoutMillis) {
    WaitEdge edge =
        isFirstLock ? null : new WaitEdge(startTs, locked.lock().startTs(), locked.key());
    Wait wait = new Wait(nanos.getAsLong(), edge);
    LockQueue.Waiter<Wait> waiter;
    synchronized (this) {
      if (queue.size() >= maxWaiters) {
        return null;
      }
      waiter = queue.add(locked.key(), startTs, locked.lock().startTs(), wait);
    }
    wait.timeout =
        timer.schedule(
            () -> end(waiter, Wake.TIMED_OUT, null), timeoutMillis, TimeUnit.MILLISECONDS);
    if (edge != null) {
      deadlocks
          .detect(edge)
          .whenComplete(
              (deadlock, failure) -> {
                if (deadlock != null) {
                  end(waiter, Wake.RELEASED, deadlock);
                }
                wait.reported.complete(null);
              });
    }
    return wait.ended;
  }

  /** Locks are gone: those who waited for them go on. */
  public void released(List<ReleasedLock> locks) {
    if (locks.isEmpty()) {
      return;
    }
    List<LockQueue.Waiter<Wait>> first = new ArrayList<>();
    List<Key> later = new ArrayList<>();
    synchronized (this) {
      if (queue.size() == 0) {
        return;
      }
      for (ReleasedLock lock : locks) {
        List<LockQueue.Waiter<Wait>> ofKey = queue.waitersOf(lock.key());
        if (!ofKey.isEmpty()) {
          first.add(ofKey.get(0));
        }
        // A hot key is released far more often than the others need to look: one look is enough.
        if (ofKey.size() > 1 && lookLater.add(lock.key())) {
          later.add(lock.key());
        }
      }
    }
    first.forEach(waiter -> end(waiter, Wake.RELEASED, null));
    if (!later.isEmpty()) {
      timer.schedule(() -> wakeAllOf(later), wakeDelayMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void wakeAllOf(List<Key> keys) {
    List<LockQueue.Waiter<Wait>> waiting = new ArrayList<>();
    synchronized (this) {
      lookLater.removeAll(keys);
      keys.forEach(key -> waiting.addAll(queue.waitersOf(key)));
    }
    waiting.forEach(waiter -> end(waiter, Wake.RELEASED, null));
  }

  /** Regions of {@code storedKeys} have changed: who waits there looks again where the lock is. */
  public void wakeWithin(KeyRange storedKeys) {
    List<LockQueue.Waiter<Wait>> there = new ArrayList<>();
    synchronized (this) {
      for (LockQueue.Waiter<Wait> waiter : queue.waiters()) {
        if (storedKeys.contains(MemComparable.encode(waiter.key()))) {
          there.add(waiter);
        }
      }
    }
    there.forEach(waiter -> end(waiter, Wake.RELEASED, null));
  }

  /** How many commands wait. */
  public synchronized int size() {
    return queue.size();
  }

  /** Who waits for whom on this store. */
  public List<WaitEdge> edges() {
    List<WaitEdge> edges = new ArrayList<>();
    synchronized (this) {
      for (LockQueue.Waiter<Wait> waiter : queue.waiters()) {
        edges.add(new WaitEdge(waiter.startTs(), waiter.lockTs(), waiter.key()));
      }
    }
    return edges;
  }

  private void end(LockQueue.Waiter<Wait> waiter, Wake wake, KeyError.Deadlock deadlock) {
    boolean stillWaited;
    synchronized (this) {
      stillWaited = queue.remove(waiter);
    }
    if (stillWaited) {
      finish(waiter, wake, deadlock);
    }
  }

  private void finish(LockQueue.Waiter<Wait> waiter, Wake wake, KeyError.Deadlock deadlock) {
    Wait wait = waiter.payload();
    if (wait.timeout != null) {
      wait.timeout.cancel(false);
    }
    if (wait.edge != null && deadlock == null) {
      // Not before the detector has heard of the wait, or it would remember it.
      wait.reported.thenRun(() -> deadlocks.forget(wait.edge));
    }
    long waitedMillis =
        Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - wait.sinceNanos));
    wakeups.execute(() -> wait.ended.complete(new Ended(wake, deadlock, waitedMillis)));
  }
}
