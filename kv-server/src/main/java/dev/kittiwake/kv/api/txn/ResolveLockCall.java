package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.ResolveLockRequest;
import dev.kittiwake.proto.kvrpcpb.ResolveLockResponse;
import dev.kittiwake.proto.kvrpcpb.TxnInfo;
import dev.kittiwake.txn.command.Command;
import dev.kittiwake.txn.command.Done;
import dev.kittiwake.txn.command.ResolveLocks;
import dev.kittiwake.txn.command.ResolveRegion;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Commits or rolls back what transactions left locked: some keys, or all keys of the region. */
final class ResolveLockCall implements KvHandler<ResolveLockRequest, ResolveLockResponse> {
  private final TxnScheduler scheduler;

  ResolveLockCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<ResolveLockResponse> handle(ResolveLockRequest request) {
    List<Key> keys = UserKeys.keys(request.getKeysList());
    return scheduler
        .runWith(request.getContext(), UserKeys.stored(keys), view -> command(request, keys, view))
        .thenApply(
            answer ->
                answer.fold(
                    done -> ResolveLockResponse.getDefaultInstance(),
                    error -> ResolveLockResponse.newBuilder().setRegionError(error).build(),
                    reason ->
                        ResolveLockResponse.newBuilder()
                            .setError(KeyErrors.message(reason))
                            .build()));
  }

  private static Command<Done> command(
      ResolveLockRequest request, List<Key> keys, RegionView view) {
    if (!keys.isEmpty()) {
      return new ResolveLocks(keys, request.getStartVersion(), request.getCommitVersion());
    }
    SortedMap<Long, Long> commitTsByStartTs = new TreeMap<>(Long::compareUnsigned);
    if (request.getTxnInfosCount() == 0) {
      commitTsByStartTs.put(request.getStartVersion(), request.getCommitVersion());
    }
    for (TxnInfo txn : request.getTxnInfosList()) {
      commitTsByStartTs.put(txn.getTxn(), txn.getStatus());
    }
    return new ResolveRegion(UserKeys.userRange(view.range()), commitTsByStartTs);
  }
}
