package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.CheckSecondaryLocksRequest;
import dev.kittiwake.proto.kvrpcpb.CheckSecondaryLocksResponse;
import dev.kittiwake.txn.command.CheckSecondaryLocks;
import dev.kittiwake.txn.command.CheckSecondaryLocksResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What became of the secondary locks of an asynchronous commit. */
final class CheckSecondaryLocksCall
    implements KvHandler<CheckSecondaryLocksRequest, CheckSecondaryLocksResponse> {
  private final TxnScheduler scheduler;

  CheckSecondaryLocksCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<CheckSecondaryLocksResponse> handle(CheckSecondaryLocksRequest request) {
    List<Key> keys = UserKeys.keys(request.getKeysList());
    return scheduler
        .run(
            request.getContext(),
            UserKeys.stored(keys),
            new CheckSecondaryLocks(keys, request.getStartVersion()))
        .thenApply(
            answer ->
                answer.fold(
                    CheckSecondaryLocksCall::done,
                    error -> CheckSecondaryLocksResponse.newBuilder().setRegionError(error).build(),
                    reason ->
                        CheckSecondaryLocksResponse.newBuilder()
                            .setError(KeyErrors.message(reason))
                            .build()));
  }

  private static CheckSecondaryLocksResponse done(CheckSecondaryLocksResult result) {
    CheckSecondaryLocksResponse.Builder response =
        CheckSecondaryLocksResponse.newBuilder().setCommitTs(result.commitTs());
    result.locks().forEach(locked -> response.addLocks(KeyErrors.lockInfo(locked)));
    return response.build();
  }
}
