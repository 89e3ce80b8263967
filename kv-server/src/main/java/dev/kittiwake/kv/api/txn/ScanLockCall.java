package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.ScanLockRequest;
import dev.kittiwake.proto.kvrpcpb.ScanLockResponse;
import dev.kittiwake.txn.command.ScanLock;
import dev.kittiwake.txn.command.ScanLockResult;
import java.util.concurrent.CompletableFuture;

/** The locks of a range that are older than a timestamp. */
final class ScanLockCall implements KvHandler<ScanLockRequest, ScanLockResponse> {
  private final TxnScheduler scheduler;

  ScanLockCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<ScanLockResponse> handle(ScanLockRequest request) {
    Key start = UserKeys.key(request.getStartKey());
    KeyRange asked = new KeyRange(start, UserKeys.key(request.getEndKey()));
    return scheduler
        .runWith(
            request.getContext(),
            UserKeys.stored(start),
            view ->
                new ScanLock(
                    asked.intersection(UserKeys.userRange(view.range())),
                    request.getMaxVersion(),
                    request.getLimit()))
        .thenApply(
            answer ->
                answer.fold(
                    ScanLockCall::done,
                    error -> ScanLockResponse.newBuilder().setRegionError(error).build(),
                    reason ->
                        ScanLockResponse.newBuilder().setError(KeyErrors.message(reason)).build()));
  }

  private static ScanLockResponse done(ScanLockResult result) {
    ScanLockResponse.Builder response = ScanLockResponse.newBuilder();
    result.locks().forEach(locked -> response.addLocks(KeyErrors.lockInfo(locked)));
    return response.build();
  }
}
