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
 * Asks the secondaries of an async-commit transaction whose client is gone: it has committed if all
 * of them are locked. A key that is not is rolled back here and for good, which decides the
 * transaction's fate.
 */
public record CheckSecondaryLocks(List<Key> keys, long startTs)
    implements Command<CheckSecondaryLocksResult> {
  public CheckSecondaryLocks {
    keys = List.copyOf(keys);
  }

  @Override
  public List<Key> latchKeys() {
    return keys;
  }

  @Override
  public Outcome<CheckSecondaryLocksResult> execute(Snapshot snapshot, CommandContext context) {
    WriteSet writes = new WriteSet(2);
    List<ReleasedLock> released = new ArrayList<>(1);
    List<LockedKey> locks = new ArrayList<>(keys.size());
    try (MvccReader reader = MvccReader.forKeys(snapshot, keys)) {
      RollbackKey step = new RollbackKey(reader, writes, released, context);
      for (Key key : keys) {
        Key encoded = MemComparable.encode(key);
        Lock lock = reader.lock(encoded);
        boolean own = lock != null && lock.startTs() == startTs;
        if (own && !lock.isPessimistic()) {
          locks.add(new LockedKey(key, lock));
        } else {
          // One key decides: the others need not be looked at.
          CheckSecondaryLocksResult result =
              own ? drop(step, key, encoded, lock) : decide(step, encoded, lock);
          return Outcome.of(writes, result, released);
        }
      }
    }
    return new Outcome.Answer<>(new CheckSecondaryLocksResult(List.copyOf(locks), 0));
  }

  private static CheckSecondaryLocksResult drop(RollbackKey step, Key key, Key encoded, Lock lock) {
    step.own(key, encoded, lock, true);
    return CheckSecondaryLocksResult.ROLLED_BACK;
  }

  private CheckSecondaryLocksResult decide(RollbackKey step, Key encoded, Lock other) {
    return step.missing(encoded, other, startTs, true) instanceof TxnRecord.Committed known
        ? new CheckSecondaryLocksResult(List.of(), known.commitTs())
        : CheckSecondaryLocksResult.ROLLED_BACK;
  }
}
