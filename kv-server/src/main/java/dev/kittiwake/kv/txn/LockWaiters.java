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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * <p>When a lock is released the waiter with the smallest start timestamp goes on at once: it
 * executes its command anew and finds out by itself how things stand. After a short delay the
 * others are looked at: most likely the first has the lock by then, and they are noted as waiting
 * for it, so that deadlocks are found; if nobody is known to have the lock they all go on.
 * Thread-safe.
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
      new HashSet<>(); // guarded by this; keys whose waiters will be looked at soon
  private final Map<Key, Long> holders =
      new HashMap<>(); // guarded by this; who got a lock since others wait for it

  private static final class Wait {
    private final long sinceNanos;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private Reported reported; // null if the detector need not know; changes while queued only
    private ScheduledFuture<?> timeout;

    Wait(long sinceNanos, Reported reported) {
      this.sinceNanos = sinceNanos;
      this.reported = reported;
    }
  }

  /** An edge that the detector is told; {@code answered} completes when it has heard of it. */
  private record Reported(WaitEdge edge, CompletableFuture<Void> answered) {
    Reported(WaitEdge edge) {
      this(edge, new CompletableFuture<>());
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
    Reported reported =
        isFirstLock
            ? null
            : new Reported(new WaitEdge(startTs, locked.lock().startTs(), locked.key()));
    Wait wait = new Wait(nanos.getAsLong(), reported);
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
    if (reported != null) {
      report(waiter, reported);
    }
    return wait.ended;
  }

  private void report(LockQueue.Waiter<Wait> waiter, Reported reported) {
    deadlocks
        .detect(reported.edge)
        .whenComplete(
            (deadlock, failure) -> {
              if (deadlock != null) {
                end(waiter, Wake.RELEASED, deadlock);
              }
              reported.answered.complete(null);
            });
  }

  /** A transaction got a lock. To be called while the latch of its key is held. */
  void granted(Key key, long startTs) {
    synchronized (this) {
      if (queue.size() != 0 && queue.hasWaiters(key)) {
        holders.put(key, startTs);
      }
    }
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
        holders.remove(lock.key());
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
      timer.schedule(() -> later.forEach(this::lookAt), wakeDelayMillis, TimeUnit.MILLISECONDS);
    }
  }

  /** Those who still wait for {@code key}: for whom do they wait now? */
  private void lookAt(Key key) {
    List<LockQueue.Waiter<Wait>> goOn = new ArrayList<>();
    Map<LockQueue.Waiter<Wait>, Reported> forgotten = new LinkedHashMap<>();
    synchronized (this) {
      lookLater.remove(key);
      Long holder = holders.get(key);
      for (LockQueue.Waiter<Wait> waiter : queue.waitersOf(key)) {
        if (holder == null) {
          goOn.add(waiter);
        } else if (waiter.lockTs() != holder) {
          queue.waitsFor(waiter, holder);
          Wait wait = waiter.payload();
          if (wait.reported != null) {
            forgotten.put(waiter, wait.reported);
            wait.reported = new Reported(new WaitEdge(waiter.startTs(), holder, key));
          }
        }
      }
    }
    goOn.forEach(waiter -> end(waiter, Wake.RELEASED, null));
    forgotten.forEach(
        (waiter, old) -> {
          forget(old);
          report(waiter, current(waiter));
        });
  }

  private synchronized Reported current(LockQueue.Waiter<Wait> waiter) {
    return waiter.payload().reported;
  }

  private void forget(Reported reported) {
    // Not before the detector has heard of the wait, or it would remember it.
    reported.answered.thenRun(() -> deadlocks.forget(reported.edge));
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
      if (!queue.hasWaiters(waiter.key())) {
        holders.remove(waiter.key());
      }
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
    if (wait.reported != null && deadlock == null) {
      forget(wait.reported);
    }
    long waitedMillis =
        Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - wait.sinceNanos));
    wakeups.execute(() -> wait.ended.complete(new Ended(wake, deadlock, waitedMillis)));
  }
}
