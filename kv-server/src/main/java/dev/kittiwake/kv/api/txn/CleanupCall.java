package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.CleanupRequest;
import dev.kittiwake.proto.kvrpcpb.CleanupResponse;
import dev.kittiwake.txn.command.Cleanup;
import java.util.concurrent.CompletableFuture;

/** Rolls a transaction back on one key, unless its lock is still alive. */
final class CleanupCall implements KvHandler<CleanupRequest, CleanupResponse> {
  private final TxnScheduler scheduler;

  CleanupCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<CleanupResponse> handle(CleanupRequest request) {
    Key key = UserKeys.key(request.getKey());
    return scheduler
        .run(
            request.getContext(),
            UserKeys.stored(key),
            new Cleanup(key, request.getStartVersion(), request.getCurrentTs()))
        .thenApply(
            answer ->
                answer.fold(
                    result ->
                        CleanupResponse.newBuilder().setCommitVersion(result.commitTs()).build(),
                    error -> CleanupResponse.newBuilder().setRegionError(error).build(),
                    reason ->
                        CleanupResponse.newBuilder().setError(KeyErrors.message(reason)).build()));
  }
}
