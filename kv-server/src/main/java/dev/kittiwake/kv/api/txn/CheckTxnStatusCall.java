package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Action;
import dev.kittiwake.proto.kvrpcpb.CheckTxnStatusRequest;
import dev.kittiwake.proto.kvrpcpb.CheckTxnStatusResponse;
import dev.kittiwake.txn.command.CheckTxnStatus;
import dev.kittiwake.txn.command.CheckTxnStatusResult;
import dev.kittiwake.txn.command.TxnStatusAction;
import java.util.concurrent.CompletableFuture;

/** What became of a transaction, asked at its primary; ends it if its time is over. */
final class CheckTxnStatusCall implements KvHandler<CheckTxnStatusRequest, CheckTxnStatusResponse> {
  private final TxnScheduler scheduler;

  CheckTxnStatusCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<CheckTxnStatusResponse> handle(CheckTxnStatusRequest request) {
    Key primary = UserKeys.key(request.getPrimaryKey());
    CheckTxnStatus command =
        new CheckTxnStatus(
            primary,
            request.getLockTs(),
            request.getCallerStartTs(),
            request.getCurrentTs(),
            request.getRollbackIfNotExist(),
            request.getForceSyncCommit(),
            request.getResolvingPessimisticLock(),
            request.getVerifyIsPrimary());
    return scheduler
        .run(request.getContext(), UserKeys.stored(primary), command)
        .thenApply(
            answer ->
                answer.fold(
                    CheckTxnStatusCall::done,
                    error -> CheckTxnStatusResponse.newBuilder().setRegionError(error).build(),
                    reason ->
                        CheckTxnStatusResponse.newBuilder()
                            .setError(KeyErrors.message(reason))
                            .build()));
  }

  private static CheckTxnStatusResponse done(CheckTxnStatusResult result) {
    CheckTxnStatusResponse.Builder response =
        CheckTxnStatusResponse.newBuilder()
            .setLockTtl(result.ttlMillis())
            .setCommitVersion(result.commitTs())
            .setAction(action(result.action()));
    if (result.locked() != null) {
      response.setLockInfo(KeyErrors.lockInfo(result.locked()));
    }
    return response.build();
  }

  private static Action action(TxnStatusAction action) {
    switch (action) {
      case TTL_EXPIRE_ROLLBACK:
        return Action.TTLExpireRollback;
      case LOCK_NOT_EXIST_ROLLBACK:
        return Action.LockNotExistRollback;
      case MIN_COMMIT_TS_PUSHED:
        return Action.MinCommitTSPushed;
      case TTL_EXPIRE_PESSIMISTIC_ROLLBACK:
        return Action.TTLExpirePessimisticRollback;
      case LOCK_NOT_EXIST_DO_NOTHING:
        return Action.LockNotExistDoNothing;
      default:
        return Action.NoAction;
    }
  }
}
