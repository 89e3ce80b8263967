package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;

/**
 * What a read may see, and which locks stop it.
 *
 * @param ts the read timestamp; {@link Timestamp#MAX} reads the latest
 * @param resolvedLocks start timestamps whose locks the reader knows to be harmless (rolled back,
 *     or pushed above {@code ts}); not to be changed
 * @param committedLocks start timestamps the reader knows to be committed at or below {@code ts}:
 *     their locks are read as if already committed; not to be changed
 * @param replicaRead the read is served by a follower
 */
public record ReadView(
    long ts,
    Isolation isolation,
    long[] resolvedLocks,
    long[] committedLocks,
    boolean replicaRead) {
  private static final long[] NONE = {};

  /** A snapshot read at {@code ts} on the leader. */
  public static ReadView at(long ts) {
    return new ReadView(ts, Isolation.SNAPSHOT, NONE, NONE, false);
  }

  /**
   * Whether a stored lock stops this read of {@code userKey}. A lock in {@link #committedLocks}
   * does not block: see {@link #readsThrough}.
   */
  public boolean isBlockedBy(Key userKey, Lock lock) {
    if (!concerns(lock) || contains(committedLocks, lock.startTs())) {
      return false;
    }
    // The latest committed version is asked for: the transaction whose primary is still locked has
    // not committed, unless its commit needs no write to the primary.
    boolean latestOfPrimary =
        ts == Timestamp.MAX
            && !replicaRead
            && !lock.asyncCommit()
            && userKey.equals(lock.primary());
    return !latestOfPrimary;
  }

  /**
   * Whether a lock held in memory by a prewrite in flight (async commit or one-phase) stops this
   * read: it may be committed any moment, also on its primary.
   */
  public boolean isBlockedByInFlight(Lock lock) {
    return concerns(lock);
  }

  /** Whether the locked value itself is to be read, its transaction being known as committed. */
  public boolean readsThrough(Lock lock) {
    return isolation == Isolation.SNAPSHOT
        && committedLocks.length > 0
        && contains(committedLocks, lock.startTs())
        && !Timestamp.isAfter(lock.startTs(), ts);
  }

  private boolean concerns(Lock lock) {
    return isolation == Isolation.SNAPSHOT
        && !Timestamp.isAfter(lock.startTs(), ts)
        && (lock.type() == LockType.PUT || lock.type() == LockType.DELETE)
        && !Timestamp.isAfter(lock.minCommitTs(), ts)
        && !contains(resolvedLocks, lock.startTs());
  }

  private static boolean contains(long[] timestamps, long ts) {
    for (long candidate : timestamps) {
      if (candidate == ts) {
        return true;
      }
    }
    return false;
  }
}
