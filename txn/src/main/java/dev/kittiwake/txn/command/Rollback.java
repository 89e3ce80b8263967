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
 * Rolls back the transaction {@code startTs} on {@code keys}. A key that it has not locked (yet) is
 * rolled back too, which stops a prewrite that is still under way. Repeating it is harmless.
 */
public record Rollback(List<Key> keys, long startTs) implements Command<Done> {
  public Rollback {
    keys = List.copyOf(keys);
  }

  @Override
  public List<Key> latchKeys() {
    return keys;
  }

  /**
   * @throws TxnRejected {@code Committed} if a key is already committed
   */
  @Override
  public Outcome<Done> execute(Snapshot snapshot, CommandContext context) {
    WriteSet writes = new WriteSet(2 * keys.size());
    List<ReleasedLock> released = new ArrayList<>(keys.size());
    try (MvccReader reader = MvccReader.forKeys(snapshot, keys)) {
      RollbackKey step = new RollbackKey(reader, writes, released, context);
      for (Key key : keys) {
        rollBack(reader, step, key);
      }
    }
    return Outcome.of(writes, Done.DONE, released);
  }

  private void rollBack(MvccReader reader, RollbackKey step, Key key) {
    Key encoded = MemComparable.encode(key);
    Lock lock = reader.lock(encoded);
    if (lock != null && lock.startTs() == startTs) {
      step.own(key, encoded, lock, key.equals(lock.primary()));
    } else if (step.missing(encoded, lock, startTs, true) instanceof TxnRecord.Committed known) {
      throw new KeyError.Committed(startTs, known.commitTs(), key).rejected();
    }
  }
}
