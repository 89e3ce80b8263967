package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.txn.CollectedTooFar;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.mvcc.Isolation;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.wait.InMemoryLocks;

/**
 * What all snapshot reads share: the region's data, the locks in memory, and how a request says
 * what it may see.
 */
record SnapshotReads(RegionReads reads, InMemoryLocks memory) {
  /**
   * To be asked when the snapshot is there: collecting that begins later does not touch it.
   *
   * @throws TxnRejected if versions that a reader at {@code ts} must see may be gone
   */
  void checkAge(long ts) {
    CollectedTooFar.check("read", ts, reads.gcSafePoint());
  }

  static ReadView view(Context context, long version) {
    return new ReadView(
        version,
        isolation(context),
        UserKeys.timestamps(context.getResolvedLocksList()),
        UserKeys.timestamps(context.getCommittedLocksList()),
        false);
  }

  private static Isolation isolation(Context context) {
    switch (context.getIsolationLevel()) {
      case RC:
        return Isolation.READ_COMMITTED;
      case RCCheckTS:
        return Isolation.READ_COMMITTED_CHECK_TS;
      default:
        return Isolation.SNAPSHOT;
    }
  }
}
