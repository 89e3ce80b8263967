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
import java.util.SortedMap;

/**
 * One chunk of {@link ResolveRegion}: the locks its scan saw, now under latches. A lock may have
 * gone since, because another resolver or the owner was faster; that is fine if it went the same
 * way.
 *
 * @param rest the scan to go on with; null if this chunk is the last
 */
record ResolveFoundLocks(
    List<LockedKey> found, SortedMap<Long, Long> commitTsByStartTs, ResolveRegion rest)
    implements Command<Done> {
  @Override
  public List<Key> latchKeys() {
    return found.stream().map(LockedKey::key).toList();
  }

  @Override
  public Outcome<Done> execute(Snapshot snapshot, CommandContext context) {
    WriteSet writes = new WriteSet(2 * found.size());
    List<ReleasedLock> released = new ArrayList<>(found.size());
    try (MvccReader reader = MvccReader.forKeys(snapshot, latchKeys())) {
      RollbackKey step = new RollbackKey(reader, writes, released, context);
      for (LockedKey seen : found) {
        resolve(reader, step, writes, released, seen);
      }
    }
    return Outcome.of(writes, Done.DONE, released, rest);
  }

  private void resolve(
      MvccReader reader,
      RollbackKey step,
      WriteSet writes,
      List<ReleasedLock> released,
      LockedKey seen) {
    long startTs = seen.lock().startTs();
    long commitTs = commitTsByStartTs.get(startTs);
    Key encoded = MemComparable.encode(seen.key());
    Lock lock = reader.lock(encoded);
    boolean gone = lock == null || lock.startTs() != startTs;
    if (commitTs != 0) {
      if (!gone || !seen.lock().isPessimistic()) {
        CommitKey.run(reader, writes, released, seen.key(), startTs, commitTs);
      }
    } else if (!gone) {
      step.own(seen.key(), encoded, lock, seen.key().equals(lock.primary()));
    } else if (reader.record(encoded, startTs) instanceof TxnRecord.Committed known) {
      throw new KeyError.Committed(startTs, known.commitTs(), seen.key()).rejected();
    }
  }
}
