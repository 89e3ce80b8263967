package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.WriteSet;
import java.util.List;

/**
 * Extends the life of the transaction {@code startTs} by the lock on its primary; never shortens
 * it. Everything else about the lock stays, above all a reader's push of its min_commit_ts.
 *
 * @param minCommitTs raises the lock's, if the lock was written by a flush; else ignored
 */
public record TxnHeartBeat(Key primary, long startTs, long adviseTtlMillis, long minCommitTs)
    implements Command<TxnHeartBeatResult> {
  @Override
  public List<Key> latchKeys() {
    return List.of(primary);
  }

  /**
   * @throws TxnRejected {@code TxnNotFound} if the transaction does not lock the key
   */
  @Override
  public Outcome<TxnHeartBeatResult> execute(Snapshot snapshot, CommandContext context) {
    Key encoded = MemComparable.encode(primary);
    try (MvccReader reader = MvccReader.forKey(snapshot, encoded)) {
      Lock lock = reader.lock(encoded);
      if (lock == null || lock.startTs() != startTs) {
        throw new KeyError.TxnNotFound(startTs, primary).rejected();
      }
      WriteSet writes = new WriteSet(1);
      Lock beaten = beat(lock);
      if (beaten != lock) {
        writes.putLock(encoded, beaten);
      }
      return Outcome.of(writes, new TxnHeartBeatResult(beaten.ttlMillis()), List.of());
    }
  }

  private Lock beat(Lock lock) {
    Lock beaten = lock;
    if (Long.compareUnsigned(adviseTtlMillis, lock.ttlMillis()) > 0) {
      beaten = beaten.withTtlMillis(adviseTtlMillis);
    }
    if (lock.marks().generation() != 0 && Timestamp.isAfter(minCommitTs, lock.minCommitTs())) {
      beaten = beaten.withMinCommitTs(minCommitTs);
    }
    return beaten;
  }
}
