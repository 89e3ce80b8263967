package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.LastChange;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockType;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.TxnRecord;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteSet;
import dev.kittiwake.txn.mvcc.WriteType;
import java.util.List;

/** The step by which a key of a transaction is committed, whoever asks for it. */
final class CommitKey {
  private CommitKey() {}

  /**
   * Commits one key: turns its lock into a write at {@code commitTs}. Percolator §2.2, Figure 6. If
   * the key is already committed by {@code startTs}, nothing is written.
   *
   * @return the timestamp at which the key is committed, which is another one if that has happened
   *     before
   * @throws TxnRejected {@code TxnLockNotFound} if rolled back or never locked; {@code
   *     CommitTsExpired} if a reader pushed the lock past {@code commitTs}
   */
  static long run(
      MvccReader reader,
      WriteSet writes,
      List<ReleasedLock> released,
      Key key,
      long startTs,
      long commitTs) {
    Key encoded = MemComparable.encode(key);
    Lock lock = reader.lock(encoded);
    if (lock == null || lock.startTs() != startTs) {
      if (reader.record(encoded, startTs) instanceof TxnRecord.Committed committed) {
        return committed.commitTs();
      }
      throw new KeyError.TxnLockNotFound(startTs, commitTs, key).rejected();
    }
    if (Timestamp.isBefore(commitTs, lock.minCommitTs()) && !lock.isPessimistic()) {
      throw new KeyError.CommitTsExpired(startTs, commitTs, key, lock.minCommitTs()).rejected();
    }
    // A key that was locked but never prewritten has nothing to commit: the lock just goes.
    if (!lock.isPessimistic()) {
      writes.putWrite(encoded, commitTs, record(lock, commitTs));
    }
    writes.deleteLock(encoded);
    released.add(new ReleasedLock(key, startTs, commitTs));
    return commitTs;
  }

  /** The write that {@code lock} becomes. */
  private static Write record(Lock lock, long commitTs) {
    boolean overlapped = lock.marks().rollbackTs().contains(commitTs);
    return new Write(
        writeType(lock.type()),
        lock.startTs(),
        lock.shortValue(),
        overlapped,
        0,
        LastChange.UNKNOWN,
        lock.marks().txnSource());
  }

  static WriteType writeType(LockType type) {
    switch (type) {
      case PUT:
        return WriteType.PUT;
      case DELETE:
        return WriteType.DELETE;
      case LOCK:
        return WriteType.LOCK;
      default:
        throw new IllegalStateException("a lock of type " + type + " cannot be committed");
    }
  }
}
