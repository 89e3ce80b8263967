package dev.kittiwake.kv.api.txn;

import dev.kittiwake.proto.kvrpcpb.MvccInfo;
import dev.kittiwake.proto.kvrpcpb.MvccLock;
import dev.kittiwake.proto.kvrpcpb.MvccValue;
import dev.kittiwake.proto.kvrpcpb.MvccWrite;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.txn.command.MvccHistory;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.Version;
import dev.kittiwake.txn.mvcc.Write;

/** Everything stored of a key, as debugging calls show it. */
final class MvccMessages {
  private MvccMessages() {}

  static MvccInfo info(MvccHistory history) {
    MvccInfo.Builder info = MvccInfo.newBuilder();
    if (history.lock() != null) {
      info.setLock(lock(history.lock()));
    }
    for (Version version : history.writes()) {
      info.addWrites(write(version));
    }
    for (MvccHistory.StoredValue value : history.values()) {
      info.addValues(
          MvccValue.newBuilder()
              .setStartTs(value.startTs())
              .setValue(UserKeys.bytes(value.value())));
    }
    return info.build();
  }

  private static MvccLock lock(Lock lock) {
    MvccLock.Builder message =
        MvccLock.newBuilder()
            .setType(KeyErrors.op(lock.type()))
            .setStartTs(lock.startTs())
            .setPrimary(UserKeys.bytes(lock.primary()))
            .setTtl(lock.ttlMillis())
            .setForUpdateTs(lock.forUpdateTs())
            .setTxnSize(lock.txnSize())
            .setUseAsyncCommit(lock.asyncCommit());
    if (lock.shortValue() != null) {
      message.setShortValue(UserKeys.bytes(lock.shortValue()));
    }
    lock.secondaries().forEach(key -> message.addSecondaries(UserKeys.bytes(key)));
    return message.build();
  }

  private static MvccWrite write(Version version) {
    Write write = version.write();
    MvccWrite.Builder message =
        MvccWrite.newBuilder()
            .setType(op(write))
            .setStartTs(write.startTs())
            .setCommitTs(version.commitTs())
            .setHasOverlappedRollback(write.overlappedRollback())
            .setHasGcFence(write.gcFence() != 0)
            .setGcFence(write.gcFence());
    if (write.shortValue() != null) {
      message.setShortValue(UserKeys.bytes(write.shortValue()));
    }
    return message.build();
  }

  private static Op op(Write write) {
    switch (write.type()) {
      case PUT:
        return Op.Put;
      case DELETE:
        return Op.Del;
      case ROLLBACK:
        return Op.Rollback;
      default:
        return Op.Lock;
    }
  }
}
