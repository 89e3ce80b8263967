package dev.kittiwake.kv.api.cluster;

import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.LockWaiters;
import dev.kittiwake.proto.deadlock.WaitForEntry;
import dev.kittiwake.proto.kvrpcpb.GetLockWaitInfoRequest;
import dev.kittiwake.proto.kvrpcpb.GetLockWaitInfoResponse;
import java.util.concurrent.CompletableFuture;

/** Who waits for whose lock on this store. */
final class LockWaitInfoCall implements KvHandler<GetLockWaitInfoRequest, GetLockWaitInfoResponse> {
  private final LockWaiters waiters;

  LockWaitInfoCall(LockWaiters waiters) {
    this.waiters = waiters;
  }

  @Override
  public CompletableFuture<GetLockWaitInfoResponse> handle(GetLockWaitInfoRequest request) {
    GetLockWaitInfoResponse.Builder response = GetLockWaitInfoResponse.newBuilder();
    waiters
        .edges()
        .forEach(
            edge ->
                response.addEntries(
                    WaitForEntry.newBuilder()
                        .setTxn(edge.txn())
                        .setWaitForTxn(edge.waitForTxn())
                        .setKey(UnsafeByteOperations.unsafeWrap(edge.key().unsafeBytes()))
                        .setKeyHash(edge.keyHash())));
    return CompletableFuture.completedFuture(response.build());
  }
}
