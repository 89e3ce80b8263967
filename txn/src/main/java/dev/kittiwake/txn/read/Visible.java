package dev.kittiwake.txn.read;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.command.ConflictReason;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.mvcc.Isolation;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockType;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.mvcc.Version;
import dev.kittiwake.txn.mvcc.WriteType;

/** What one key shows to a view. */
final class Visible {
  private Visible() {}

  static TxnRejected locked(Key userKey, Lock lock) {
    return new KeyError.Locked(new LockedKey(userKey, lock)).rejected();
  }

  static boolean changesValue(Lock lock) {
    return lock.type() == LockType.PUT || lock.type() == LockType.DELETE;
  }

  /** What {@code lock}, known to be committed, holds; null if it deletes. */
  static Found through(MvccReader reader, Key encoded, Lock lock) {
    if (lock.type() == LockType.DELETE) {
      return null;
    }
    byte[] inline = lock.shortValue();
    return new Found(inline != null ? inline : reader.longValue(encoded, lock.startTs()), 0);
  }

  /** The newest committed value at the view's timestamp, or null. */
  static Found committed(MvccReader reader, ReadView view, Key userKey, Key encoded) {
    if (view.isolation() == Isolation.READ_COMMITTED_CHECK_TS && view.ts() != Timestamp.MAX) {
      requireNothingNewer(reader, view, userKey, encoded);
    }
    Version change = reader.newestChange(encoded, view.ts());
    return change == null || change.write().type() != WriteType.PUT
        ? null
        : new Found(reader.value(encoded, change), change.commitTs());
  }

  /** Rollbacks and pure locks are no news: the value has not changed. */
  private static void requireNothingNewer(
      MvccReader reader, ReadView view, Key userKey, Key encoded) {
    Version newest = reader.newestChange(encoded, Timestamp.MAX);
    if (newest != null && Timestamp.isAfter(newest.commitTs(), view.ts())) {
      throw new KeyError.WriteConflict(
              userKey,
              Key.EMPTY,
              view.ts(),
              newest.write().startTs(),
              newest.commitTs(),
              ConflictReason.RC_CHECK_TS)
          .rejected();
    }
  }
}
