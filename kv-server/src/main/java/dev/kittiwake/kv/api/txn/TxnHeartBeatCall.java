package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.TxnHeartBeatRequest;
import dev.kittiwake.proto.kvrpcpb.TxnHeartBeatResponse;
import dev.kittiwake.txn.command.TxnHeartBeat;
import java.util.concurrent.CompletableFuture;

/** Keeps the primary lock of a transaction alive. */
final class TxnHeartBeatCall implements KvHandler<TxnHeartBeatRequest, TxnHeartBeatResponse> {
  private final TxnScheduler scheduler;

  TxnHeartBeatCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<TxnHeartBeatResponse> handle(TxnHeartBeatRequest request) {
    Key primary = UserKeys.key(request.getPrimaryLock());
    return scheduler
        .run(
            request.getContext(),
            UserKeys.stored(primary),
            new TxnHeartBeat(
                primary,
                request.getStartVersion(),
                request.getAdviseLockTtl(),
                request.getMinCommitTs()))
        .thenApply(
            answer ->
                answer.fold(
                    result ->
                        TxnHeartBeatResponse.newBuilder().setLockTtl(result.ttlMillis()).build(),
                    error -> TxnHeartBeatResponse.newBuilder().setRegionError(error).build(),
                    reason ->
                        TxnHeartBeatResponse.newBuilder()
                            .setError(KeyErrors.message(reason))
                            .build()));
  }
}
