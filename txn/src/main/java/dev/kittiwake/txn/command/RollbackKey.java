package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockType;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.TxnRecord;
import dev.kittiwake.txn.mvcc.Version;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteSet;
import dev.kittiwake.txn.mvcc.WriteType;
import java.util.List;

/**
 * The steps by which a transaction is rolled back on one key, whoever asks for it.
 *
 * <p>A rollback leaves a record, so that a prewrite that arrives late is refused. Three rules keep
 * these records right and few: a record that alone decides the fate of the transaction is
 * <em>protected</em>; an unprotected one may be replaced by the next newer rollback of the key
 * (collapsed), because a late prewrite then meets that one; where another transaction's commit
 * stands at exactly our start ts, that record is marked instead of overwritten.
 */
final class RollbackKey {
  private final MvccReader reader;
  private final WriteSet writes;
  private final List<ReleasedLock> released;
  private final CommandContext context;

  RollbackKey(
      MvccReader reader, WriteSet writes, List<ReleasedLock> released, CommandContext context) {
    this.reader = reader;
    this.writes = writes;
    this.released = released;
    this.context = context;
  }

  /** Rolls back the transaction that owns {@code lock}. */
  void own(Key key, Key encoded, Lock lock, boolean isProtected) {
    if (lock.type() == LockType.PUT && lock.shortValue() == null) {
      writes.deleteValue(encoded, lock.startTs());
    }
    Version atStart = reader.newest(encoded, lock.startTs());
    long startTs = lock.startTs();
    if (atStart != null && atStart.commitTs() == startTs) {
      markOverlapped(encoded, startTs);
    } else {
      put(encoded, startTs, isProtected, atStart);
    }
    unlock(key, encoded, lock);
  }

  /** Removes {@code lock} and leaves no trace of it. */
  void unlock(Key key, Key encoded, Lock lock) {
    writes.deleteLock(encoded);
    released.add(new ReleasedLock(key, lock.startTs(), 0));
  }

  /**
   * Rolls back the transaction {@code startTs}, which holds no lock on the key, unless its fate is
   * already known; returns what was known before.
   *
   * @param other the lock of another transaction on the key, or null
   */
  TxnRecord missing(Key encoded, Lock other, long startTs, boolean isProtected) {
    TxnRecord known = reader.record(encoded, startTs);
    if (known instanceof TxnRecord.Missing nothing) {
      if (nothing.atStartTs() != null) {
        overlap(encoded, nothing);
        context.raiseMaxTs(startTs);
      } else {
        put(encoded, startTs, isProtected, reader.newest(encoded, startTs));
      }
      rememberInLock(encoded, other, startTs, isProtected);
    }
    return known;
  }

  private void put(Key encoded, long startTs, boolean isProtected, Version before) {
    if (before != null
        && before.write().type() == WriteType.ROLLBACK
        && !before.write().isProtectedRollback()) {
      writes.deleteWrite(encoded, before.commitTs());
    }
    writes.putWrite(encoded, startTs, Write.rollback(startTs, isProtected));
    // No commit timestamp computed on this store from now on falls onto the rollback record.
    context.raiseMaxTs(startTs);
  }

  private void markOverlapped(Key encoded, long startTs) {
    if (reader.record(encoded, startTs) instanceof TxnRecord.Missing nothing) {
      overlap(encoded, nothing);
    }
  }

  private void overlap(Key encoded, TxnRecord.Missing nothing) {
    Version other = nothing.atStartTs();
    writes.putWrite(
        encoded, other.commitTs(), other.write().withOverlappedRollback(nothing.gcFence()));
  }

  /**
   * An async-commit lock of another transaction might commit at exactly {@code startTs} and
   * overwrite the record: it carries the rollback along.
   */
  private void rememberInLock(Key encoded, Lock other, long startTs, boolean isProtected) {
    if (isProtected
        && other != null
        && other.asyncCommit()
        && !Timestamp.isBefore(startTs, other.minCommitTs())) {
      writes.putLock(encoded, other.withRollback(startTs));
    }
  }
}
