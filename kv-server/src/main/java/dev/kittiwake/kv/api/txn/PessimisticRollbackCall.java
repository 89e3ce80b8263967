package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.PessimisticRollbackRequest;
import dev.kittiwake.proto.kvrpcpb.PessimisticRollbackResponse;
import dev.kittiwake.txn.command.PessimisticRollback;
import dev.kittiwake.txn.command.PessimisticRollbackRegion;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Gives pessimistic locks up: of some keys, or of all keys of the region if none is named. */
final class PessimisticRollbackCall
    implements KvHandler<PessimisticRollbackRequest, PessimisticRollbackResponse> {
  private final TxnScheduler scheduler;

  PessimisticRollbackCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<PessimisticRollbackResponse> handle(PessimisticRollbackRequest request) {
    List<Key> keys = UserKeys.keys(request.getKeysList());
    return scheduler
        .runWith(
            request.getContext(),
            UserKeys.stored(keys),
            view ->
                keys.isEmpty()
                    ? new PessimisticRollbackRegion(
                        UserKeys.userRange(view.range()),
                        request.getStartVersion(),
                        request.getForUpdateTs())
                    : new PessimisticRollback(
                        keys, request.getStartVersion(), request.getForUpdateTs()))
        .thenApply(
            answer ->
                answer.fold(
                    done -> PessimisticRollbackResponse.getDefaultInstance(),
                    error -> PessimisticRollbackResponse.newBuilder().setRegionError(error).build(),
                    reason ->
                        PessimisticRollbackResponse.newBuilder()
                            .addErrors(KeyErrors.message(reason))
                            .build()));
  }
}
