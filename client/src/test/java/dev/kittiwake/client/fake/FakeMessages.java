package dev.kittiwake.client.fake;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.AlreadyExist;
import dev.kittiwake.proto.kvrpcpb.AssertionFailed;
import dev.kittiwake.proto.kvrpcpb.CommitTsExpired;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.Deadlock;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.kvrpcpb.PrimaryMismatch;
import dev.kittiwake.proto.kvrpcpb.TxnLockNotFound;
import dev.kittiwake.proto.kvrpcpb.TxnNotFound;
import dev.kittiwake.proto.kvrpcpb.WriteConflict;
import dev.kittiwake.txn.command.Assertion;
import dev.kittiwake.txn.command.AssertionLevel;
import dev.kittiwake.txn.command.CommitShortcut;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.Mutation;
import dev.kittiwake.txn.command.MutationType;
import dev.kittiwake.txn.command.PessimisticAction;
import dev.kittiwake.txn.command.Prewrite;
import dev.kittiwake.txn.command.TxnHeader;
import dev.kittiwake.txn.mvcc.Isolation;
import dev.kittiwake.txn.mvcc.LockType;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.ReadView;
import java.util.ArrayList;
import java.util.List;

/** Between messages and commands. */
final class FakeMessages {
  private FakeMessages() {}

  static Key key(ByteString bytes) {
    return Key.wrap(bytes.toByteArray());
  }

  static ByteString bytes(Key key) {
    return ByteString.copyFrom(key.unsafeBytes());
  }

  static List<Key> keys(List<ByteString> all) {
    return all.stream().map(FakeMessages::key).toList();
  }

  static ReadView view(Context context, long version) {
    return new ReadView(
        version,
        Isolation.SNAPSHOT,
        context.getResolvedLocksList().stream().mapToLong(Long::longValue).toArray(),
        context.getCommittedLocksList().stream().mapToLong(Long::longValue).toArray(),
        false);
  }

  static Prewrite prewrite(PrewriteRequest request) {
    List<Mutation> mutations = new ArrayList<>();
    for (int i = 0; i < request.getMutationsCount(); i++) {
      var mutation = request.getMutations(i);
      MutationType type =
          switch (mutation.getOp()) {
            case Put -> MutationType.PUT;
            case Del -> MutationType.DELETE;
            case Lock -> MutationType.LOCK;
            case Insert -> MutationType.INSERT;
            case CheckNotExists -> MutationType.CHECK_NOT_EXISTS;
            default -> throw new IllegalArgumentException(mutation.getOp().toString());
          };
      boolean writes = type == MutationType.PUT || type == MutationType.INSERT;
      mutations.add(
          new Mutation(
              type,
              key(mutation.getKey()),
              writes ? mutation.getValue().toByteArray() : null,
              Assertion.values()[mutation.getAssertionValue()],
              request.getPessimisticActionsCount() == 0
                  ? PessimisticAction.SKIP_PESSIMISTIC_CHECK
                  : PessimisticAction.values()[request.getPessimisticActionsValue(i)],
              0));
    }
    return new Prewrite(
        new TxnHeader(
            key(request.getPrimaryLock()),
            request.getStartVersion(),
            request.getForUpdateTs(),
            request.getLockTtl(),
            request.getTxnSize(),
            request.getMinCommitTs()),
        mutations,
        new CommitShortcut(
            request.getUseAsyncCommit(),
            keys(request.getSecondariesList()),
            request.getTryOnePc(),
            request.getMaxCommitTs()),
        AssertionLevel.values()[request.getAssertionLevelValue()],
        false);
  }

  static LockInfo lockInfo(LockedKey locked) {
    var lock = locked.lock();
    LockInfo.Builder info =
        LockInfo.newBuilder()
            .setPrimaryLock(bytes(lock.primary()))
            .setLockVersion(lock.startTs())
            .setKey(bytes(locked.key()))
            .setLockTtl(lock.ttlMillis())
            .setTxnSize(lock.txnSize())
            .setLockType(
                lock.type() == LockType.PESSIMISTIC
                    ? Op.PessimisticLock
                    : lock.type() == LockType.DELETE
                        ? Op.Del
                        : lock.type() == LockType.PUT ? Op.Put : Op.Lock)
            .setLockForUpdateTs(lock.forUpdateTs())
            .setUseAsyncCommit(lock.asyncCommit())
            .setMinCommitTs(lock.minCommitTs());
    lock.secondaries().forEach(key -> info.addSecondaries(bytes(key)));
    return info.build();
  }

  static dev.kittiwake.proto.kvrpcpb.KeyError error(KeyError reason) {
    var error = dev.kittiwake.proto.kvrpcpb.KeyError.newBuilder();
    if (reason instanceof KeyError.Locked locked) {
      error.setLocked(lockInfo(locked.locked()));
    } else if (reason instanceof KeyError.WriteConflict conflict) {
      error
          .setConflict(
              WriteConflict.newBuilder()
                  .setStartTs(conflict.startTs())
                  .setConflictTs(conflict.conflictStartTs())
                  .setConflictCommitTs(conflict.conflictCommitTs())
                  .setKey(bytes(conflict.key()))
                  .setReasonValue(conflict.reason().ordinal()))
          .setRetryable(reason.message());
    } else if (reason instanceof KeyError.AlreadyExists exists) {
      error.setAlreadyExist(AlreadyExist.newBuilder().setKey(bytes(exists.key())));
    } else if (reason instanceof KeyError.Deadlock deadlock) {
      error.setDeadlock(
          Deadlock.newBuilder()
              .setLockTs(deadlock.lockTs())
              .setLockKey(bytes(deadlock.lockKey()))
              .setDeadlockKeyHash(deadlock.deadlockKeyHash()));
    } else if (reason instanceof KeyError.CommitTsExpired expired) {
      error.setCommitTsExpired(
          CommitTsExpired.newBuilder()
              .setStartTs(expired.startTs())
              .setAttemptedCommitTs(expired.attemptedCommitTs())
              .setKey(bytes(expired.key()))
              .setMinCommitTs(expired.minCommitTs()));
    } else if (reason instanceof KeyError.TxnNotFound missing) {
      error.setTxnNotFound(TxnNotFound.newBuilder().setStartTs(missing.startTs()));
    } else if (reason instanceof KeyError.TxnLockNotFound missing) {
      error
          .setTxnLockNotFound(TxnLockNotFound.newBuilder().setKey(bytes(missing.key())))
          .setRetryable(reason.message());
    } else if (reason instanceof KeyError.PrimaryMismatch mismatch) {
      error.setPrimaryMismatch(
          PrimaryMismatch.newBuilder().setLockInfo(lockInfo(mismatch.locked())));
    } else if (reason instanceof KeyError.AssertionFailed failed) {
      error.setAssertionFailed(AssertionFailed.newBuilder().setKey(bytes(failed.key())));
    } else {
      error.setAbort(reason.message());
    }
    return error.build();
  }
}
