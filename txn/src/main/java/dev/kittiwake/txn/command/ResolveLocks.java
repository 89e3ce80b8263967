package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.TxnRecord;
import dev.kittiwake.txn.mvcc.WriteSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings given keys of the transaction {@code startTs} to its known end: committed at {@code
 * commitTs}, or rolled back if that is 0. Sent by whoever met its locks and asked its primary.
 */
public record ResolveLocks(List<Key> keys, long startTs, long commitTs) implements Command<Done> {
  public ResolveLocks {
    keys = List.copyOf(keys);
  }

  @Override
  public List<Key> latchKeys() {
    return keys;
  }

  /**
   * @throws TxnRejected {@code TxnLockNotFound} if a key to commit was rolled back or never locked;
   *     {@code Committed} if a key to roll back has committed; {@code CommitTsExpired}; {@code
   *     Invalid} if {@code commitTs} is not after {@code startTs}
   */
  @Override
  public Outcome<Done> execute(Snapshot snapshot, CommandContext context) {
    if (commitTs != 0) {
      Commit.requireOrder(startTs, commitTs);
    }
    WriteSet writes = new WriteSet(2 * keys.size());
    List<ReleasedLock> released = new ArrayList<>(keys.size());
    try (MvccReader reader = MvccReader.forKeys(snapshot, keys)) {
      RollbackKey step = new RollbackKey(reader, writes, released, context);
      for (Key key : keys) {
        if (commitTs != 0) {
          CommitKey.run(reader, writes, released, key, startTs, commitTs);
        } else {
          rollBack(reader, step, key);
        }
      }
    }
    return Outcome.of(writes, Done.DONE, released);
  }

  private void rollBack(MvccReader reader, RollbackKey step, Key key) {
    Key encoded = MemComparable.encode(key);
    Lock lock = reader.lock(encoded);
    if (lock != null && lock.startTs() == startTs) {
      step.own(key, encoded, lock, key.equals(lock.primary()));
    } else if (step.missing(encoded, lock, startTs, false) instanceof TxnRecord.Committed known) {
      throw new KeyError.Committed(startTs, known.commitTs(), key).rejected();
    }
  }
}
