package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.TxnRecord;
import dev.kittiwake.txn.mvcc.Version;
import dev.kittiwake.txn.mvcc.WriteType;

/**
 * Looks at the committed versions of one key before it is prewritten: nothing newer, no rollback of
 * the transaction, and what insert and assertions demand of the existing value.
 */
record PrewriteConstraints(
    Prewrite prewrite, Mutation mutation, Key encoded, MvccReader reader, CommandContext context) {

  /**
   * Returns the commit ts if the transaction turns out to have committed the key before, else 0.
   *
   * @param isLocked the transaction holds a pessimistic lock on the key: nothing newer can exist
   * @param mustBeLocked it says it does
   * @throws TxnRejected what {@link Prewrite#execute} says
   */
  long check(boolean isLocked, boolean mustBeLocked) {
    boolean insert =
        mutation.type() == MutationType.INSERT || mutation.type() == MutationType.CHECK_NOT_EXISTS;
    boolean versionsMatter = !isLocked && (mustBeLocked || !prewrite.skipConstraintCheck());
    AssertionLevel level =
        mutation.assertion() == Assertion.NONE ? AssertionLevel.OFF : prewrite.assertionLevel();
    if (!versionsMatter && !insert && level != AssertionLevel.STRICT) {
      return 0;
    }
    Version newest = reader.newest(encoded, Timestamp.MAX);
    if (versionsMatter && newest != null) {
      long committedAt = mustBeLocked ? amend(newest) : conflict(newest);
      if (committedAt != 0) {
        return committedAt;
      }
      // The checks may have moved the reader.
      if (insert || level != AssertionLevel.OFF) {
        newest = reader.newest(encoded, Timestamp.MAX);
      }
    }
    boolean cheap = newest == null || newest.write().type().changesValue();
    if (!insert && (level == AssertionLevel.OFF || level == AssertionLevel.FAST && !cheap)) {
      return 0;
    }
    return checkExisting(insert, level, reader.newestChangeFrom(encoded, newest));
  }

  /**
   * The pessimistic lock has been lost, as happens when a leader goes. The transaction may go on as
   * if optimistic, provided that nobody has touched the key since it began.
   */
  private long amend(Version newest) {
    if (Timestamp.isBefore(newest.commitTs(), txn().startTs())) {
      return 0;
    }
    if (reader.record(encoded, txn().startTs()) instanceof TxnRecord.Committed committed) {
      return committed.commitTs();
    }
    throw new KeyError.PessimisticLockNotFound(txn().startTs(), mutation.key()).rejected();
  }

  private long conflict(Version newest) {
    long startTs = txn().startTs();
    if (Timestamp.isBefore(newest.commitTs(), startTs)) {
      return 0;
    }
    TxnRecord own = reader.record(encoded, startTs);
    if (own instanceof TxnRecord.Committed committed) {
      return committed.commitTs();
    }
    if (own instanceof TxnRecord.RolledBack) {
      throw conflict(startTs, startTs, ConflictReason.SELF_ROLLED_BACK);
    }
    boolean likeOptimistic =
        !txn().isPessimistic() || mutation.action() == PessimisticAction.DO_CONSTRAINT_CHECK;
    if (!likeOptimistic) {
      requireNothingAfterForUpdate();
    } else if (Timestamp.isAfter(newest.commitTs(), startTs)) {
      throw conflict(
          newest.write().startTs(),
          newest.commitTs(),
          txn().isPessimistic() ? ConflictReason.LAZY_UNIQUENESS_CHECK : ConflictReason.OPTIMISTIC);
    }
    return 0;
  }

  /** A key that a pessimistic transaction never locked: it must know of all that was committed. */
  private void requireNothingAfterForUpdate() {
    Version version = reader.newest(encoded, Timestamp.MAX);
    while (version != null && version.write().type() == WriteType.ROLLBACK) {
      version = reader.newest(encoded, version.commitTs() - 1);
    }
    if (version != null && Timestamp.isAfter(version.commitTs(), txn().forUpdateTs())) {
      throw new KeyError.PessimisticLockNotFound(txn().startTs(), mutation.key()).rejected();
    }
  }

  private long checkExisting(boolean insert, AssertionLevel level, Version change) {
    boolean exists = change != null && change.write().type() == WriteType.PUT;
    if (insert) {
      // The answer "absent" is a read: nothing may be committed below it afterwards.
      context.raiseMaxTs(Timestamp.max(txn().startTs(), txn().forUpdateTs()));
      if (exists && change.write().startTs() == txn().startTs()) {
        return change.commitTs();
      }
      if (exists) {
        throw new KeyError.AlreadyExists(mutation.key()).rejected();
      }
    }
    if (level != AssertionLevel.OFF && exists != (mutation.assertion() == Assertion.EXIST)) {
      throw new KeyError.AssertionFailed(
              txn().startTs(),
              mutation.key(),
              mutation.assertion(),
              change == null ? 0 : change.write().startTs(),
              change == null ? 0 : change.commitTs())
          .rejected();
    }
    return 0;
  }

  private TxnRejected conflict(long conflictStartTs, long conflictCommitTs, ConflictReason reason) {
    return new KeyError.WriteConflict(
            mutation.key(),
            txn().primary(),
            txn().startTs(),
            conflictStartTs,
            conflictCommitTs,
            reason)
        .rejected();
  }

  private TxnHeader txn() {
    return prewrite.txn();
  }
}
