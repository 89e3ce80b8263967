package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.TxnRecord;
import dev.kittiwake.txn.mvcc.WriteSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Rolls back the transaction {@code startTs} on one key, its primary, if its life is over. The form
 * of resolving used by old clients.
 *
 * @param currentTs the time by which the lock's life is judged; 0 = whatever its life
 */
public record Cleanup(Key key, long startTs, long currentTs) implements Command<CleanupResult> {
  @Override
  public List<Key> latchKeys() {
    return List.of(key);
  }

  /**
   * @throws TxnRejected {@code Locked} if the transaction is alive
   */
  @Override
  public Outcome<CleanupResult> execute(Snapshot snapshot, CommandContext context) {
    Key encoded = MemComparable.encode(key);
    WriteSet writes = new WriteSet();
    List<ReleasedLock> released = new ArrayList<>(1);
    long commitTs = 0;
    try (MvccReader reader = MvccReader.forKey(snapshot, encoded)) {
      RollbackKey step = new RollbackKey(reader, writes, released, context);
      Lock lock = reader.lock(encoded);
      if (lock != null && lock.startTs() == startTs) {
        if (currentTs != 0 && !lock.isExpired(currentTs)) {
          throw new KeyError.Locked(new LockedKey(key, lock)).rejected();
        }
        step.own(key, encoded, lock, true);
      } else if (step.missing(encoded, lock, startTs, true) instanceof TxnRecord.Committed known) {
        commitTs = known.commitTs();
      }
    }
    return Outcome.of(writes, new CleanupResult(commitTs), released);
  }
}
