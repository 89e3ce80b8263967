package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockMarks;
import dev.kittiwake.txn.mvcc.LockType;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.TxnRecord;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteSet;
import dev.kittiwake.txn.mvcc.WriteType;
import java.util.List;

/**
 * What the checks of a prewrite found on one key.
 *
 * @param blocker the lock of another transaction, or null
 * @param alreadyLocked the lock that an earlier attempt of the same prewrite wrote, or null
 * @param pessimistic the transaction's pessimistic lock that the prewrite replaces, or null
 * @param alreadyCommittedAt non-zero: the transaction has committed before
 */
record PrewriteKey(
    Mutation mutation,
    Key encoded,
    Lock blocker,
    Lock alreadyLocked,
    Lock pessimistic,
    long alreadyCommittedAt) {

  /**
   * @throws TxnRejected what {@link Prewrite#execute} says
   */
  static PrewriteKey check(
      Prewrite prewrite, Mutation mutation, MvccReader reader, CommandContext context) {
    Key encoded = MemComparable.encode(mutation.key());
    TxnHeader txn = prewrite.txn();
    Lock lock = reader.lock(encoded);
    boolean mustBeLocked =
        txn.isPessimistic() && mutation.action() == PessimisticAction.DO_PESSIMISTIC_CHECK;
    if (lock != null && lock.startTs() != txn.startTs()) {
      if (mustBeLocked) {
        if (reader.record(encoded, txn.startTs()) instanceof TxnRecord.Committed committed) {
          // Sent again after it was committed at once; the key is another's since.
          return new PrewriteKey(mutation, encoded, null, null, null, committed.commitTs());
        }
        throw new KeyError.PessimisticLockNotFound(txn.startTs(), mutation.key()).rejected();
      }
      // Life 0 tells the client to end the blocker whatever its age: the writer has locked all it
      // needs to and cannot be at fault.
      Lock blocker = txn.isPessimistic() ? lock.withTtlMillis(0) : lock;
      return new PrewriteKey(mutation, encoded, blocker, null, null, 0);
    }
    if (lock != null && !lock.isPessimistic()) {
      return new PrewriteKey(mutation, encoded, null, lock, null, 0);
    }
    if (lock != null && mutation.expectedForUpdateTs() != 0) {
      requireForUpdateTs(txn, mutation, lock);
    }
    long committedAt =
        new PrewriteConstraints(prewrite, mutation, encoded, reader, context)
            .check(lock != null, mustBeLocked);
    return new PrewriteKey(mutation, encoded, null, null, lock, committedAt);
  }

  private static void requireForUpdateTs(TxnHeader txn, Mutation mutation, Lock lock) {
    if (lock.forUpdateTs() != mutation.expectedForUpdateTs()) {
      throw new KeyError.PessimisticLockNotFound(txn.startTs(), mutation.key()).rejected();
    }
  }

  Key key() {
    return mutation.key();
  }

  /** Whether the key gets a lock or record at all. */
  boolean writes() {
    return alreadyLocked == null && mutation.type() != MutationType.CHECK_NOT_EXISTS;
  }

  /** The least commit timestamp that the replaced lock allows. */
  long commitFloor() {
    return pessimistic == null
        ? 0
        : Timestamp.max(pessimistic.minCommitTs(), pessimistic.forUpdateTs() + 1);
  }

  /** The lock to be written; {@code minCommitTs} counts for async commit. */
  Lock lock(TxnHeader txn, List<Key> secondaries, boolean async, long minCommitTs) {
    long ttl = txn.ttlMillis();
    long forUpdateTs = txn.forUpdateTs();
    long least = Timestamp.max(txn.minCommitTs(), minCommitTs);
    if (pessimistic != null) {
      ttl = Timestamp.max(ttl, pessimistic.ttlMillis());
      forUpdateTs = Timestamp.max(forUpdateTs, pessimistic.forUpdateTs());
      least = Timestamp.max(least, pessimistic.minCommitTs());
    }
    return new Lock(
        lockType(),
        txn.primary(),
        txn.startTs(),
        ttl,
        shortValue(),
        forUpdateTs,
        txn.txnSize(),
        least,
        async,
        secondaries,
        LockMarks.NONE);
  }

  /** Writes the commit record at once. */
  void commit(TxnHeader txn, long commitTs, WriteSet writes, List<ReleasedLock> released) {
    if (pessimistic != null) {
      writes.deleteLock(encoded);
      released.add(new ReleasedLock(key(), txn.startTs(), commitTs));
    }
    if (writes()) {
      WriteType type = CommitKey.writeType(lockType());
      writes.putWrite(encoded, commitTs, Write.committed(type, txn.startTs(), shortValue()));
      putLongValue(txn.startTs(), writes);
    }
  }

  /** Stores a value that is too long for a record. */
  void putLongValue(long startTs, WriteSet writes) {
    if (mutation.value() != null && shortValue() == null) {
      writes.putValue(encoded, startTs, mutation.value());
    }
  }

  private byte[] shortValue() {
    byte[] value = mutation.value();
    return value == null || value.length > Write.MAX_SHORT_VALUE_BYTES ? null : value;
  }

  private LockType lockType() {
    switch (mutation.type()) {
      case PUT:
      case INSERT:
        return LockType.PUT;
      case DELETE:
        return LockType.DELETE;
      case LOCK:
        return LockType.LOCK;
      default:
        throw new IllegalStateException(mutation.type() + " writes no lock");
    }
  }
}
