package dev.kittiwake.kv.api.txn;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Assertion;
import dev.kittiwake.proto.kvrpcpb.Mutation;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockKeyResult;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockKeyResultType;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockRequest;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockResponse;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockWakeUpMode;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.LockTarget;
import dev.kittiwake.txn.command.PessimisticLock;
import dev.kittiwake.txn.command.PessimisticLockResult;
import dev.kittiwake.txn.command.TxnHeader;
import dev.kittiwake.txn.command.WakeUpMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Locks keys for a transaction that will write them later; waits for locks in the way. */
final class PessimisticLockCall
    implements KvHandler<PessimisticLockRequest, PessimisticLockResponse> {
  private final TxnScheduler scheduler;

  PessimisticLockCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<PessimisticLockResponse> handle(PessimisticLockRequest request) {
    List<LockTarget> targets = new ArrayList<>(request.getMutationsCount());
    List<Key> keys = new ArrayList<>(request.getMutationsCount());
    for (Mutation mutation : request.getMutationsList()) {
      Key key = UserKeys.key(mutation.getKey());
      keys.add(key);
      targets.add(new LockTarget(key, mutation.getAssertion() == Assertion.NotExist));
    }
    TxnHeader header =
        new TxnHeader(
            UserKeys.key(request.getPrimaryLock()),
            request.getStartVersion(),
            request.getForUpdateTs(),
            request.getLockTtl(),
            0,
            request.getMinCommitTs());
    boolean forceLock = request.getWakeUpMode() == PessimisticLockWakeUpMode.WakeUpModeForceLock;
    PessimisticLock command =
        new PessimisticLock(
            header,
            targets,
            request.getIsFirstLock(),
            request.getWaitTimeout(),
            request.getReturnValues(),
            request.getCheckExistence(),
            request.getLockOnlyIfExists(),
            forceLock ? WakeUpMode.FORCE_LOCK : WakeUpMode.NORMAL);
    return scheduler
        .run(request.getContext(), UserKeys.stored(keys), command)
        .thenApply(
            answer ->
                answer.fold(
                    result -> forceLock ? forced(result) : done(request, result),
                    error -> PessimisticLockResponse.newBuilder().setRegionError(error).build(),
                    reason -> rejected(reason, forceLock)));
  }

  private static PessimisticLockResponse done(
      PessimisticLockRequest request, PessimisticLockResult result) {
    PessimisticLockResponse.Builder response = PessimisticLockResponse.newBuilder();
    for (PessimisticLockResult.KeyResult key : result.keys()) {
      if (request.getReturnValues()) {
        response.addValues(key.value() == null ? ByteString.EMPTY : UserKeys.bytes(key.value()));
      }
      if (request.getReturnValues() || request.getCheckExistence()) {
        response.addNotFounds(!key.exists());
      }
    }
    return response.build();
  }

  private static PessimisticLockResponse forced(PessimisticLockResult result) {
    PessimisticLockResponse.Builder response = PessimisticLockResponse.newBuilder();
    for (PessimisticLockResult.KeyResult key : result.keys()) {
      PessimisticLockKeyResult.Builder one =
          PessimisticLockKeyResult.newBuilder()
              .setExistence(key.exists())
              .setLockedWithConflictTs(key.lockedWithConflictTs())
              .setType(
                  key.lockedWithConflictTs() == 0
                      ? PessimisticLockKeyResultType.LockResultNormal
                      : PessimisticLockKeyResultType.LockResultLockedWithConflict);
      if (key.value() != null) {
        one.setValue(UserKeys.bytes(key.value()));
      }
      response.addResults(one);
    }
    return response.build();
  }

  private static PessimisticLockResponse rejected(KeyError reason, boolean forceLock) {
    PessimisticLockResponse.Builder response =
        PessimisticLockResponse.newBuilder().addErrors(KeyErrors.message(reason));
    if (forceLock) {
      response.addResults(
          PessimisticLockKeyResult.newBuilder()
              .setType(PessimisticLockKeyResultType.LockResultFailed));
    }
    return response.build();
  }
}
