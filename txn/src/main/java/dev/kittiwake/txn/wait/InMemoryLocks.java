package dev.kittiwake.txn.wait;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The largest read timestamp this store has seen, and the locks of asynchronous and one-phase
 * commits that are decided but not yet applied. Thread-safe, never blocks.
 *
 * <p>Invariant, for a read at {@code ts} and a commit of a key whose timestamp is computed here:
 * the reader raises max_ts, then looks for a lock, then takes its snapshot; the writer enters its
 * lock, then reads max_ts, then computes {@code min_commit_ts > max_ts}, and keeps the lock entered
 * until its writes are applied. So either the writer sees the reader's timestamp and commits above
 * it, or the reader sees the lock, or the writes were applied before the reader's snapshot.
 */
public final class InMemoryLocks {
  private final AtomicLong maxTs;
  private final ConcurrentNavigableMap<Key, Lock> locks = new ConcurrentSkipListMap<>();

  public InMemoryLocks() {
    this(0);
  }

  public InMemoryLocks(long maxTs) {
    this.maxTs = new AtomicLong(maxTs);
  }

  public long maxTs() {
    return maxTs.get();
  }

  /** Infinite timestamps are ignored: nothing could ever be committed above them. */
  public void raiseMaxTs(long ts) {
    if (Timestamp.isInfinite(ts)) {
      return;
    }
    long seen = maxTs.get();
    while (Timestamp.isAfter(ts, seen) && !maxTs.compareAndSet(seen, ts)) {
      seen = maxTs.get();
    }
  }

  /**
   * Announces a read of {@code userKey} on the leader: to be called before its snapshot is taken.
   * Returns the lock in flight that blocks it, or null.
   */
  public LockedKey beforeRead(Key userKey, ReadView view) {
    raiseMaxTs(view.ts());
    if (locks.isEmpty()) {
      return null;
    }
    Lock lock = locks.get(userKey);
    return lock != null && view.isBlockedByInFlight(lock) ? new LockedKey(userKey, lock) : null;
  }

  /** As {@link #beforeRead(Key, ReadView)}, for all user keys in {@code range}. */
  public LockedKey beforeRead(KeyRange range, ReadView view) {
    raiseMaxTs(view.ts());
    for (Map.Entry<Key, Lock> entry : within(range).entrySet()) {
      if (view.isBlockedByInFlight(entry.getValue())) {
        return new LockedKey(entry.getKey(), entry.getValue());
      }
    }
    return null;
  }

  /** The first lock in {@code range} with start ts at or below {@code ts}, or null. */
  public LockedKey firstUpTo(KeyRange range, long ts) {
    for (Map.Entry<Key, Lock> entry : within(range).entrySet()) {
      if (!Timestamp.isAfter(entry.getValue().startTs(), ts)) {
        return new LockedKey(entry.getKey(), entry.getValue());
      }
    }
    return null;
  }

  /** The least start timestamp of all locks in flight; {@link Timestamp#MAX} if there are none. */
  public long oldestStartTs() {
    long oldest = Timestamp.MAX;
    for (Lock lock : locks.values()) {
      oldest = Timestamp.isAfter(oldest, lock.startTs()) ? lock.startTs() : oldest;
    }
    return oldest;
  }

  private Map<Key, Lock> within(KeyRange range) {
    if (locks.isEmpty() || range.isEmpty()) {
      return Map.of();
    }
    return range.end().isEmpty()
        ? locks.tailMap(range.start())
        : locks.subMap(range.start(), range.end());
  }

  /**
   * Enters {@code wanted} and computes the timestamp above which their transaction may commit: more
   * than every read so far and at least {@code floor}. The caller holds the latches of all the keys
   * and must close the hold when the writes are applied or have failed.
   */
  public Hold hold(List<LockedKey> wanted, long floor) {
    List<Key> keys = new ArrayList<>(wanted.size());
    long guess = above(floor);
    for (LockedKey one : wanted) {
      locks.put(one.key(), one.lock().withMinCommitTs(guess));
      keys.add(one.key());
    }
    // Readers that came before the locks were entered are in max_ts by now; later ones see a lock.
    long minCommitTs = above(floor);
    if (minCommitTs != guess) {
      for (LockedKey one : wanted) {
        locks.put(one.key(), one.lock().withMinCommitTs(minCommitTs));
      }
    }
    return new Hold(this, keys, minCommitTs);
  }

  private long above(long floor) {
    return Timestamp.max(maxTs.get() + 1, floor);
  }

  /** How many locks are in flight. */
  public int size() {
    return locks.size();
  }

  /** The locks of one command in flight. Closing it twice does no harm. */
  public static final class Hold implements AutoCloseable {
    /** Holds nothing. */
    public static final Hold NONE = new Hold(null, List.of(), 0);

    private final InMemoryLocks owner;
    private final List<Key> keys;
    private final long minCommitTs;
    private final AtomicBoolean closed = new AtomicBoolean(); // a second close must not remove

    // the locks of the command that latched the keys next

    private Hold(InMemoryLocks owner, List<Key> keys, long minCommitTs) {
      this.owner = owner;
      this.keys = keys;
      this.minCommitTs = minCommitTs;
    }

    public long minCommitTs() {
      return minCommitTs;
    }

    @Override
    public void close() {
      if (owner != null && closed.compareAndSet(false, true)) {
        keys.forEach(owner.locks::remove);
      }
    }
  }
}
