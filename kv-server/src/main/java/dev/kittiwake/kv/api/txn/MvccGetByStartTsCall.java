package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.kvrpcpb.MvccGetByStartTsRequest;
import dev.kittiwake.proto.kvrpcpb.MvccGetByStartTsResponse;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.MvccByStartTs;
import dev.kittiwake.txn.command.MvccHistory;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A key of the region that a transaction locked or wrote, with everything stored of it. For
 * debugging.
 */
final class MvccGetByStartTsCall
    implements KvHandler<MvccGetByStartTsRequest, MvccGetByStartTsResponse> {
  private final TxnScheduler scheduler;

  MvccGetByStartTsCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<MvccGetByStartTsResponse> handle(MvccGetByStartTsRequest request) {
    return scheduler
        .runWith(
            request.getContext(),
            List.of(),
            view -> new MvccByStartTs(UserKeys.userRange(view.range()), request.getStartTs()))
        .thenApply(
            answer ->
                answer.fold(
                    MvccGetByStartTsCall::done,
                    error -> MvccGetByStartTsResponse.newBuilder().setRegionError(error).build(),
                    MvccGetByStartTsCall::rejected));
  }

  private static MvccGetByStartTsResponse done(MvccHistory history) {
    MvccGetByStartTsResponse.Builder response = MvccGetByStartTsResponse.newBuilder();
    if (history.key() != null) {
      response.setKey(UserKeys.bytes(history.key())).setInfo(MvccMessages.info(history));
    }
    return response.build();
  }

  private static MvccGetByStartTsResponse rejected(KeyError reason) {
    return MvccGetByStartTsResponse.newBuilder().setError(reason.message()).build();
  }
}
