package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.BatchRollbackRequest;
import dev.kittiwake.proto.kvrpcpb.BatchRollbackResponse;
import dev.kittiwake.txn.command.Rollback;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Rolls a transaction back on some of its keys. */
final class BatchRollbackCall implements KvHandler<BatchRollbackRequest, BatchRollbackResponse> {
  private final TxnScheduler scheduler;

  BatchRollbackCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<BatchRollbackResponse> handle(BatchRollbackRequest request) {
    List<Key> keys = UserKeys.keys(request.getKeysList());
    return scheduler
        .run(
            request.getContext(),
            UserKeys.stored(keys),
            new Rollback(keys, request.getStartVersion()))
        .thenApply(
            answer ->
                answer.fold(
                    done -> BatchRollbackResponse.getDefaultInstance(),
                    error -> BatchRollbackResponse.newBuilder().setRegionError(error).build(),
                    reason ->
                        BatchRollbackResponse.newBuilder()
                            .setError(KeyErrors.message(reason))
                            .build()));
  }
}
