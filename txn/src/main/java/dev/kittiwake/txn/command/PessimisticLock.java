package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockMarks;
import dev.kittiwake.txn.mvcc.LockType;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.TxnRecord;
import dev.kittiwake.txn.mvcc.Version;
import dev.kittiwake.txn.mvcc.WriteSet;
import dev.kittiwake.txn.mvcc.WriteType;
import java.util.ArrayList;
import java.util.List;

/**
 * Locks keys before the commit, so that the transaction's statements see and keep the latest
 * committed values. All keys are locked, or none. Repeating it is harmless.
 *
 * @param isFirstLock the transaction holds no lock yet: it cannot be part of a deadlock
 * @param waitTimeoutMillis negative = do not wait for locks of others; 0 = the store's default
 * @param returnValues the results carry the latest committed values
 * @param checkExistence the results say whether keys have values
 * @param lockOnlyIfExists keys without value stay unlocked
 */
public record PessimisticLock(
    TxnHeader txn,
    List<LockTarget> targets,
    boolean isFirstLock,
    long waitTimeoutMillis,
    boolean returnValues,
    boolean checkExistence,
    boolean lockOnlyIfExists,
    WakeUpMode wakeUpMode)
    implements Command<PessimisticLockResult> {
  public PessimisticLock {
    targets = List.copyOf(targets);
  }

  @Override
  public List<Key> latchKeys() {
    List<Key> keys = new ArrayList<>(targets.size());
    for (LockTarget target : targets) {
      keys.add(target.key());
    }
    return keys;
  }

  /**
   * @throws TxnRejected {@code WriteConflict} if a version is newer than the for_update_ts; {@code
   *     PessimisticLockRolledBack}; {@code AlreadyExists}; {@code Locked} if waiting is not wanted;
   *     {@code Committed} or {@code Invalid} if the transaction has prewritten the key already
   */
  @Override
  public Outcome<PessimisticLockResult> execute(Snapshot snapshot, CommandContext context) {
    if (wakeUpMode == WakeUpMode.FORCE_LOCK && targets.size() > 1) {
      throw new KeyError.Invalid(
              "a lock that is taken in spite of conflicts must be for one key, not "
                  + targets.size())
          .rejected();
    }
    WriteSet writes = new WriteSet(targets.size());
    List<PessimisticLockResult.KeyResult> results = new ArrayList<>(targets.size());
    try (MvccReader reader = MvccReader.forKeys(snapshot, latchKeys())) {
      for (LockTarget target : targets) {
        Key encoded = MemComparable.encode(target.key());
        Lock lock = reader.lock(encoded);
        if (lock != null && lock.startTs() != txn.startTs()) {
          return waitFor(new LockedKey(target.key(), lock));
        }
        results.add(
            lock == null
                ? acquire(reader, writes, target, encoded)
                : keep(reader, writes, target, encoded, lock));
      }
    }
    raiseMaxTs(context);
    return Outcome.of(writes, new PessimisticLockResult(results), List.of());
  }

  private Outcome<PessimisticLockResult> waitFor(LockedKey locked) {
    if (waitTimeoutMillis < 0) {
      throw new KeyError.Locked(locked).rejected();
    }
    return new Outcome.WaitFor<>(locked);
  }

  /**
   * Values told to the client are read at its for_update_ts. That of a forced lock is read at a
   * newer commit, below which nobody can commit any more; raising to that would let commit
   * timestamps that are derived from the maximum run ahead of PD, one by each hand-over of a hot
   * key.
   */
  private void raiseMaxTs(CommandContext context) {
    boolean shouldNotExist = false;
    for (LockTarget target : targets) {
      shouldNotExist |= target.shouldNotExist();
    }
    if (reads() || shouldNotExist) {
      context.raiseMaxTs(txn.forUpdateTs());
    }
  }

  /** The key is locked by this transaction already: keep the lock, at least as strong. */
  private PessimisticLockResult.KeyResult keep(
      MvccReader reader, WriteSet writes, LockTarget target, Key encoded, Lock lock) {
    if (!lock.isPessimistic()) {
      throw new KeyError.Invalid(
              "key "
                  + target.key()
                  + " is prewritten by "
                  + Timestamp.toString(txn.startTs())
                  + " already, it cannot be locked for update")
          .rejected();
    }
    boolean conflict = lock.marks().lockedWithConflict();
    long conflictTs =
        conflict && Timestamp.isAfter(lock.forUpdateTs(), txn.forUpdateTs())
            ? lock.forUpdateTs()
            : 0;
    Lock kept =
        lock(
            Timestamp.max(lock.forUpdateTs(), txn.forUpdateTs()),
            Timestamp.max(lock.ttlMillis(), txn.ttlMillis()),
            Timestamp.max(lock.minCommitTs(), txn.minCommitTs()),
            conflictTs != 0);
    if (kept.forUpdateTs() != lock.forUpdateTs()
        || kept.ttlMillis() != lock.ttlMillis()
        || kept.minCommitTs() != lock.minCommitTs()) {
      writes.putLock(encoded, kept);
    }
    boolean mustRead = reads() || target.shouldNotExist() || conflictTs != 0;
    Version change = mustRead ? reader.newestChange(encoded, Timestamp.MAX) : null;
    return result(reader, target, encoded, change, conflictTs);
  }

  private PessimisticLockResult.KeyResult acquire(
      MvccReader reader, WriteSet writes, LockTarget target, Key encoded) {
    Version newest = reader.newest(encoded, Timestamp.MAX);
    long conflictTs = newest == null ? 0 : conflictTs(reader, target, encoded, newest);
    boolean mustRead = reads() || target.shouldNotExist() || conflictTs != 0;
    Version change = mustRead ? reader.newestChange(encoded, Timestamp.MAX) : null;
    PessimisticLockResult.KeyResult result = result(reader, target, encoded, change, conflictTs);
    if (!lockOnlyIfExists || result.exists()) {
      long forUpdateTs = conflictTs != 0 ? conflictTs : txn.forUpdateTs();
      writes.putLock(
          encoded, lock(forUpdateTs, txn.ttlMillis(), txn.minCommitTs(), conflictTs != 0));
    } else if (conflictTs != 0) {
      throw conflict(target, newest);
    }
    return result;
  }

  /**
   * Returns 0 if nothing is newer than the for_update_ts, else the newer commit ts if the key may
   * be locked nevertheless.
   */
  private long conflictTs(MvccReader reader, LockTarget target, Key encoded, Version newest) {
    if (!Timestamp.isBefore(newest.commitTs(), txn.startTs())) {
      TxnRecord own = reader.record(encoded, txn.startTs());
      if (own instanceof TxnRecord.RolledBack) {
        throw new KeyError.PessimisticLockRolledBack(txn.startTs(), target.key()).rejected();
      }
      if (own instanceof TxnRecord.Committed committed) {
        throw new KeyError.Committed(txn.startTs(), committed.commitTs(), target.key()).rejected();
      }
    }
    if (!Timestamp.isAfter(newest.commitTs(), txn.forUpdateTs())) {
      return 0;
    }
    if (wakeUpMode == WakeUpMode.NORMAL) {
      throw conflict(target, newest);
    }
    return newest.commitTs();
  }

  private TxnRejected conflict(LockTarget target, Version newest) {
    return new KeyError.WriteConflict(
            target.key(),
            txn.primary(),
            txn.startTs(),
            newest.write().startTs(),
            newest.commitTs(),
            ConflictReason.PESSIMISTIC_RETRY)
        .rejected();
  }

  private PessimisticLockResult.KeyResult result(
      MvccReader reader, LockTarget target, Key encoded, Version change, long conflictTs) {
    boolean exists = change != null && change.write().type() == WriteType.PUT;
    if (target.shouldNotExist() && exists) {
      throw new KeyError.AlreadyExists(target.key()).rejected();
    }
    if (conflictTs == 0 && !reads()) {
      return PessimisticLockResult.KeyResult.LOCKED;
    }
    byte[] value =
        exists && (returnValues || conflictTs != 0) ? reader.value(encoded, change) : null;
    return new PessimisticLockResult.KeyResult(value, exists, conflictTs);
  }

  private boolean reads() {
    return returnValues || checkExistence || lockOnlyIfExists;
  }

  private Lock lock(long forUpdateTs, long ttlMillis, long minCommitTs, boolean withConflict) {
    LockMarks marks =
        withConflict
            ? new LockMarks(List.of(), LockMarks.NONE.lastChange(), 0, true, 0)
            : LockMarks.NONE;
    return new Lock(
        LockType.PESSIMISTIC,
        txn.primary(),
        txn.startTs(),
        ttlMillis,
        null,
        forUpdateTs,
        0,
        minCommitTs,
        false,
        List.of(),
        marks);
  }
}
