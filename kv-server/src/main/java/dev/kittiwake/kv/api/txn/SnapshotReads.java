package dev.kittiwake.kv.api.txn;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.txn.CollectedTooFar;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.IsolationLevel;
import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.KeyRange;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.mvcc.Isolation;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.wait.InMemoryLocks;
import java.util.List;

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
        context.getReplicaRead());
  }

  /**
   * What a read does before it takes its data: commits in flight must hear of it. The lock of one
   * in its way, or null. The past needs none of that.
   */
  LockedKey inFlight(Context context, List<Key> keys, ReadView view) {
    if (context.getStaleRead()) {
      return null;
    }
    for (Key key : keys) {
      LockedKey found = memory.beforeRead(key, view);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** As above, for all keys of {@code range}. */
  LockedKey inFlight(Context context, dev.kittiwake.proto.key.KeyRange range, ReadView view) {
    return context.getStaleRead() ? null : memory.beforeRead(range, view);
  }

  /** A single key as a range of a claim. */
  static KeyRange single(ByteString userKey) {
    return KeyRange.newBuilder()
        .setStartKey(userKey)
        .setEndKey(userKey.concat(ByteString.copyFrom(new byte[1])))
        .build();
  }

  /** What is in the way of a read whose result is not readable, if it is a lock; else null. */
  static KeyError lockIn(ReadResult result) {
    return result instanceof ReadResult.Locked locked
        ? KeyError.newBuilder().setLocked(locked.lock()).build()
        : null;
  }

  static Error regionError(ReadResult result) {
    return ((ReadResult.Refused) result).error();
  }

  private static Isolation isolation(Context context) {
    if (context.getStaleRead() && context.getIsolationLevel() == IsolationLevel.SI) {
      // Where the past may be read at all, what is still locked commits above it.
      return Isolation.READ_COMMITTED;
    }
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
