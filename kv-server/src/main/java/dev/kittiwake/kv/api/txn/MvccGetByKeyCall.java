package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.MvccGetByKeyRequest;
import dev.kittiwake.proto.kvrpcpb.MvccGetByKeyResponse;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.MvccByKey;
import java.util.concurrent.CompletableFuture;

/** Everything stored of a key: lock, versions, values. For debugging. */
final class MvccGetByKeyCall implements KvHandler<MvccGetByKeyRequest, MvccGetByKeyResponse> {
  private final TxnScheduler scheduler;

  MvccGetByKeyCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<MvccGetByKeyResponse> handle(MvccGetByKeyRequest request) {
    Key key = UserKeys.key(request.getKey());
    return scheduler
        .run(request.getContext(), UserKeys.stored(key), new MvccByKey(key))
        .thenApply(
            answer ->
                answer.fold(
                    history ->
                        MvccGetByKeyResponse.newBuilder()
                            .setInfo(MvccMessages.info(history))
                            .build(),
                    error -> MvccGetByKeyResponse.newBuilder().setRegionError(error).build(),
                    MvccGetByKeyCall::rejected));
  }

  private static MvccGetByKeyResponse rejected(KeyError reason) {
    return MvccGetByKeyResponse.newBuilder().setError(reason.message()).build();
  }
}
