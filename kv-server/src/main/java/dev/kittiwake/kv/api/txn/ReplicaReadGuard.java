package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.region.ReadGuard;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.ReadIndexRequest;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.wait.InMemoryLocks;

/** Lets commits in flight on a leader know of the reads that its followers serve. */
public record ReplicaReadGuard(InMemoryLocks memory) implements ReadGuard {
  @Override
  public LockInfo beforeRead(ReadIndexRequest claim) {
    ReadView view = SnapshotReads.view(claim.getContext(), claim.getStartTs());
    memory.raiseMaxTs(view.ts());
    for (dev.kittiwake.proto.kvrpcpb.KeyRange range : claim.getRangesList()) {
      Key start = UserKeys.key(range.getStartKey());
      Key end = UserKeys.key(range.getEndKey());
      LockedKey inFlight = memory.beforeRead(new KeyRange(start, end), view);
      if (inFlight != null) {
        return KeyErrors.lockInfo(inFlight).build();
      }
    }
    return null;
  }

  @Override
  public long settle(long ts) {
    memory.raiseMaxTs(ts);
    return memory.oldestStartTs();
  }
}
