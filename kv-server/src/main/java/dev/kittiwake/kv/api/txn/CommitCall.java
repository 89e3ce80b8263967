package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.CommitRequest;
import dev.kittiwake.proto.kvrpcpb.CommitResponse;
import dev.kittiwake.txn.command.Commit;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Second phase of a commit: turns locks into committed versions. */
final class CommitCall implements KvHandler<CommitRequest, CommitResponse> {
  private final TxnScheduler scheduler;

  CommitCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<CommitResponse> handle(CommitRequest request) {
    List<Key> keys = UserKeys.keys(request.getKeysList());
    return scheduler
        .run(
            request.getContext(),
            UserKeys.stored(keys),
            new Commit(keys, request.getStartVersion(), request.getCommitVersion()))
        .thenApply(
            answer ->
                answer.fold(
                    result ->
                        CommitResponse.newBuilder().setCommitVersion(result.commitTs()).build(),
                    error -> CommitResponse.newBuilder().setRegionError(error).build(),
                    reason ->
                        CommitResponse.newBuilder().setError(KeyErrors.message(reason)).build()));
  }
}
