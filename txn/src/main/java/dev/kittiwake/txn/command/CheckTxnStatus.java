package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.TxnRecord;
import dev.kittiwake.txn.mvcc.WriteSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the primary for the fate of the transaction {@code lockTs}, decides it if the transaction's
 * life is over, and otherwise pushes its commit behind the asking reader.
 *
 * @param callerStartTs the reader's timestamp; 0 = nobody to push for; infinite = reads the latest
 * @param currentTs the time by which the lock's life is judged; infinite = it is over
 * @param rollbackIfNotExist roll back a transaction that the primary does not know
 * @param forceSyncCommit treat an async-commit lock like an ordinary one
 * @param resolvingPessimisticLock the caller met a pessimistic lock: no rollback record is needed
 * @param verifyIsPrimary refuse if the lock on the key names another primary
 */
public record CheckTxnStatus(
    Key primary,
    long lockTs,
    long callerStartTs,
    long currentTs,
    boolean rollbackIfNotExist,
    boolean forceSyncCommit,
    boolean resolvingPessimisticLock,
    boolean verifyIsPrimary)
    implements Command<CheckTxnStatusResult> {
  @Override
  public List<Key> latchKeys() {
    return List.of(primary);
  }

  @Override
  public void beforeSnapshot(CommandContext context) {
    context.raiseMaxTs(lockTs);
    context.raiseMaxTs(callerStartTs);
    context.raiseMaxTs(currentTs);
  }

  /**
   * @throws TxnRejected {@code TxnNotFound} if the primary knows nothing and {@code
   *     rollbackIfNotExist} is off; {@code PrimaryMismatch}
   */
  @Override
  public Outcome<CheckTxnStatusResult> execute(Snapshot snapshot, CommandContext context) {
    Key encoded = MemComparable.encode(primary);
    WriteSet writes = new WriteSet();
    List<ReleasedLock> released = new ArrayList<>(1);
    try (MvccReader reader = MvccReader.forKey(snapshot, encoded)) {
      RollbackKey step = new RollbackKey(reader, writes, released, context);
      Lock lock = reader.lock(encoded);
      boolean own = lock != null && lock.startTs() == lockTs;
      CheckTxnStatusResult result;
      if (own && verifyIsPrimary && !lock.primary().equals(primary)) {
        result = mismatch(reader, step, encoded, lock);
      } else if (own) {
        result = locked(step, writes, encoded, lock);
      } else {
        result = missing(reader, step, encoded, lock);
      }
      return Outcome.of(writes, result, released);
    }
  }

  /**
   * A pessimistic lock whose transaction has moved to another primary is a leftover of a statement
   * that was tried again: it goes, and the question is answered without it.
   */
  private CheckTxnStatusResult mismatch(
      MvccReader reader, RollbackKey step, Key encoded, Lock lock) {
    if (!lock.isPessimistic() || resolvingPessimisticLock) {
      throw new KeyError.PrimaryMismatch(new LockedKey(primary, lock)).rejected();
    }
    step.unlock(primary, encoded, lock);
    return missing(reader, step, encoded, null);
  }

  private CheckTxnStatusResult locked(RollbackKey step, WriteSet writes, Key encoded, Lock lock) {
    if (lock.asyncCommit() && !forceSyncCommit) {
      // Its secondaries decide, not its age.
      return CheckTxnStatusResult.alive(new LockedKey(primary, lock), TxnStatusAction.NO_ACTION);
    }
    if (lock.isExpired(currentTs)) {
      if (lock.isPessimistic() && resolvingPessimisticLock) {
        step.unlock(primary, encoded, lock);
        return CheckTxnStatusResult.gone(TxnStatusAction.TTL_EXPIRE_PESSIMISTIC_ROLLBACK);
      }
      step.own(primary, encoded, lock, true);
      return CheckTxnStatusResult.gone(TxnStatusAction.TTL_EXPIRE_ROLLBACK);
    }
    Lock pushed = push(lock);
    if (pushed != lock) {
      writes.putLock(encoded, pushed);
    }
    boolean harmless =
        Timestamp.isInfinite(callerStartTs)
            || callerStartTs != 0 && Timestamp.isAfter(pushed.minCommitTs(), callerStartTs);
    return CheckTxnStatusResult.alive(
        new LockedKey(primary, pushed),
        harmless ? TxnStatusAction.MIN_COMMIT_TS_PUSHED : TxnStatusAction.NO_ACTION);
  }

  /** Moves the commit of a living transaction behind the reader, so that the reader may pass. */
  private Lock push(Lock lock) {
    if (lock.minCommitTs() == 0
        || Timestamp.isInfinite(callerStartTs)
        || Timestamp.isBefore(callerStartTs, lock.minCommitTs())) {
      return lock;
    }
    return lock.withMinCommitTs(Timestamp.max(callerStartTs + 1, currentTs));
  }

  private CheckTxnStatusResult missing(
      MvccReader reader, RollbackKey step, Key encoded, Lock other) {
    TxnRecord known = reader.record(encoded, lockTs);
    if (known instanceof TxnRecord.Committed committed) {
      return CheckTxnStatusResult.committed(committed.commitTs());
    }
    if (known instanceof TxnRecord.RolledBack) {
      return CheckTxnStatusResult.gone(TxnStatusAction.NO_ACTION);
    }
    if (!rollbackIfNotExist) {
      throw new KeyError.TxnNotFound(lockTs, primary).rejected();
    }
    if (resolvingPessimisticLock) {
      return CheckTxnStatusResult.gone(TxnStatusAction.LOCK_NOT_EXIST_DO_NOTHING);
    }
    step.missing(encoded, other, lockTs, true);
    return CheckTxnStatusResult.gone(TxnStatusAction.LOCK_NOT_EXIST_ROLLBACK);
  }
}
