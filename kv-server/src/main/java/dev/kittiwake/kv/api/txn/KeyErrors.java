package dev.kittiwake.kv.api.txn;

import dev.kittiwake.proto.deadlock.WaitForEntry;
import dev.kittiwake.proto.kvrpcpb.AlreadyExist;
import dev.kittiwake.proto.kvrpcpb.Assertion;
import dev.kittiwake.proto.kvrpcpb.CommitTsExpired;
import dev.kittiwake.proto.kvrpcpb.CommitTsTooLarge;
import dev.kittiwake.proto.kvrpcpb.Deadlock;
import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PrimaryMismatch;
import dev.kittiwake.proto.kvrpcpb.TxnLockNotFound;
import dev.kittiwake.proto.kvrpcpb.TxnNotFound;
import dev.kittiwake.proto.kvrpcpb.WriteConflict;
import dev.kittiwake.txn.command.ConflictReason;
import dev.kittiwake.txn.command.KeyError.AlreadyExists;
import dev.kittiwake.txn.command.KeyError.AssertionFailed;
import dev.kittiwake.txn.command.KeyError.Locked;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockType;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.wait.WaitEdge;

/** What clients read of a key error: which member of the message stands for which reason. */
final class KeyErrors {
  private KeyErrors() {}

  static KeyError message(dev.kittiwake.txn.command.KeyError reason) {
    KeyError.Builder error = KeyError.newBuilder();
    if (reason instanceof Locked) {
      Locked locked = (Locked) reason;
      error.setLocked(
          lockInfo(locked.locked()).setDurationToLastUpdateMs(locked.sinceLastUpdateMillis()));
    } else if (reason instanceof dev.kittiwake.txn.command.KeyError.WriteConflict) {
      error
          .setConflict(conflict((dev.kittiwake.txn.command.KeyError.WriteConflict) reason))
          .setRetryable(reason.message());
    } else if (reason instanceof AlreadyExists) {
      error.setAlreadyExist(
          AlreadyExist.newBuilder().setKey(UserKeys.bytes(((AlreadyExists) reason).key())));
    } else if (reason instanceof dev.kittiwake.txn.command.KeyError.Deadlock) {
      error.setDeadlock(deadlock((dev.kittiwake.txn.command.KeyError.Deadlock) reason));
    } else if (reason instanceof dev.kittiwake.txn.command.KeyError.CommitTsExpired) {
      error.setCommitTsExpired(
          commitTsExpired((dev.kittiwake.txn.command.KeyError.CommitTsExpired) reason));
    } else if (reason instanceof dev.kittiwake.txn.command.KeyError.TxnNotFound) {
      var notFound = (dev.kittiwake.txn.command.KeyError.TxnNotFound) reason;
      error.setTxnNotFound(
          TxnNotFound.newBuilder()
              .setStartTs(notFound.startTs())
              .setPrimaryKey(UserKeys.bytes(notFound.primary())));
    } else if (reason instanceof dev.kittiwake.txn.command.KeyError.TxnLockNotFound) {
      var notFound = (dev.kittiwake.txn.command.KeyError.TxnLockNotFound) reason;
      error
          .setTxnLockNotFound(TxnLockNotFound.newBuilder().setKey(UserKeys.bytes(notFound.key())))
          .setRetryable(reason.message());
    } else if (reason instanceof dev.kittiwake.txn.command.KeyError.CommitTsTooLarge) {
      error.setCommitTsTooLarge(
          CommitTsTooLarge.newBuilder()
              .setCommitTs(
                  ((dev.kittiwake.txn.command.KeyError.CommitTsTooLarge) reason).commitTs()));
    } else if (reason instanceof AssertionFailed) {
      error.setAssertionFailed(assertionFailed((AssertionFailed) reason));
    } else if (reason instanceof dev.kittiwake.txn.command.KeyError.PrimaryMismatch) {
      error.setPrimaryMismatch(
          PrimaryMismatch.newBuilder()
              .setLockInfo(
                  lockInfo(
                      ((dev.kittiwake.txn.command.KeyError.PrimaryMismatch) reason).locked())));
    } else {
      error.setAbort(reason.message());
    }
    return error.build();
  }

  static LockInfo.Builder lockInfo(LockedKey locked) {
    Lock lock = locked.lock();
    LockInfo.Builder info =
        LockInfo.newBuilder()
            .setPrimaryLock(UserKeys.bytes(lock.primary()))
            .setLockVersion(lock.startTs())
            .setKey(UserKeys.bytes(locked.key()))
            .setLockTtl(lock.ttlMillis())
            .setTxnSize(lock.txnSize())
            .setLockType(op(lock.type()))
            .setLockForUpdateTs(lock.forUpdateTs())
            .setUseAsyncCommit(lock.asyncCommit())
            .setMinCommitTs(lock.minCommitTs());
    lock.secondaries().forEach(key -> info.addSecondaries(UserKeys.bytes(key)));
    return info;
  }

  static Op op(LockType type) {
    switch (type) {
      case PUT:
        return Op.Put;
      case DELETE:
        return Op.Del;
      case PESSIMISTIC:
        return Op.PessimisticLock;
      default:
        return Op.Lock;
    }
  }

  private static WriteConflict conflict(dev.kittiwake.txn.command.KeyError.WriteConflict conflict) {
    return WriteConflict.newBuilder()
        .setStartTs(conflict.startTs())
        .setConflictTs(conflict.conflictStartTs())
        .setConflictCommitTs(conflict.conflictCommitTs())
        .setKey(UserKeys.bytes(conflict.key()))
        .setPrimary(UserKeys.bytes(conflict.primary()))
        .setReason(reason(conflict.reason()))
        .build();
  }

  private static WriteConflict.Reason reason(ConflictReason reason) {
    switch (reason) {
      case OPTIMISTIC:
        return WriteConflict.Reason.Optimistic;
      case PESSIMISTIC_RETRY:
        return WriteConflict.Reason.PessimisticRetry;
      case SELF_ROLLED_BACK:
        return WriteConflict.Reason.SelfRolledBack;
      case RC_CHECK_TS:
        return WriteConflict.Reason.RcCheckTs;
      case LAZY_UNIQUENESS_CHECK:
        return WriteConflict.Reason.LazyUniquenessCheck;
      case NOT_LOCKED_KEY_CONFLICT:
        return WriteConflict.Reason.NotLockedKeyConflict;
      default:
        return WriteConflict.Reason.Unknown;
    }
  }

  private static Deadlock deadlock(dev.kittiwake.txn.command.KeyError.Deadlock deadlock) {
    Deadlock.Builder message =
        Deadlock.newBuilder()
            .setLockTs(deadlock.lockTs())
            .setLockKey(UserKeys.bytes(deadlock.lockKey()))
            .setDeadlockKeyHash(deadlock.deadlockKeyHash())
            .setDeadlockKey(UserKeys.bytes(deadlock.deadlockKey()));
    deadlock.waitChain().forEach(edge -> message.addWaitChain(waitForEntry(edge)));
    return message.build();
  }

  static WaitForEntry waitForEntry(WaitEdge edge) {
    return WaitForEntry.newBuilder()
        .setTxn(edge.txn())
        .setWaitForTxn(edge.waitForTxn())
        .setKey(UserKeys.bytes(edge.key()))
        .setKeyHash(edge.keyHash())
        .setResourceGroupTag(UserKeys.bytes(edge.resourceGroupTag()))
        .build();
  }

  private static CommitTsExpired commitTsExpired(
      dev.kittiwake.txn.command.KeyError.CommitTsExpired expired) {
    return CommitTsExpired.newBuilder()
        .setStartTs(expired.startTs())
        .setAttemptedCommitTs(expired.attemptedCommitTs())
        .setKey(UserKeys.bytes(expired.key()))
        .setMinCommitTs(expired.minCommitTs())
        .build();
  }

  private static dev.kittiwake.proto.kvrpcpb.AssertionFailed assertionFailed(
      AssertionFailed failed) {
    return dev.kittiwake.proto.kvrpcpb.AssertionFailed.newBuilder()
        .setStartTs(failed.startTs())
        .setKey(UserKeys.bytes(failed.key()))
        .setAssertion(
            switch (failed.assertion()) {
              case EXIST -> Assertion.Exist;
              case NOT_EXIST -> Assertion.NotExist;
              default -> Assertion.None;
            })
        .setExistingStartTs(failed.existingStartTs())
        .setExistingCommitTs(failed.existingCommitTs())
        .build();
  }
}
