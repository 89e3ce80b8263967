package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.WriteSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes the pessimistic locks that the transaction {@code startTs} took on {@code keys} with a
 * for_update_ts at or below {@code forUpdateTs}. Leaves no record: the transaction goes on. Keys
 * without such a lock are passed over.
 *
 * @param rest where to look for more afterwards; null if {@code keys} are all
 */
public record PessimisticRollback(
    List<Key> keys, long startTs, long forUpdateTs, PessimisticRollbackRegion rest)
    implements Command<Done> {
  public PessimisticRollback {
    keys = List.copyOf(keys);
  }

  public PessimisticRollback(List<Key> keys, long startTs, long forUpdateTs) {
    this(keys, startTs, forUpdateTs, null);
  }

  @Override
  public List<Key> latchKeys() {
    return keys;
  }

  @Override
  public Outcome<Done> execute(Snapshot snapshot, CommandContext context) {
    WriteSet writes = new WriteSet(keys.size());
    List<ReleasedLock> released = new ArrayList<>(keys.size());
    try (MvccReader reader = MvccReader.forKeys(snapshot, keys)) {
      RollbackKey step = new RollbackKey(reader, writes, released, context);
      for (Key key : keys) {
        Key encoded = MemComparable.encode(key);
        Lock lock = reader.lock(encoded);
        if (concerns(lock, startTs, forUpdateTs)) {
          step.unlock(key, encoded, lock);
        }
      }
    }
    return Outcome.of(writes, Done.DONE, released, rest);
  }

  static boolean concerns(Lock lock, long startTs, long forUpdateTs) {
    return lock != null
        && lock.isPessimistic()
        && lock.startTs() == startTs
        && !Timestamp.isAfter(lock.forUpdateTs(), forUpdateTs);
  }
}
