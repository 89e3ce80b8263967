package dev.kittiwake.kv.api.cluster;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.region.DestroyRange;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.kvrpcpb.UnsafeDestroyRangeRequest;
import dev.kittiwake.proto.kvrpcpb.UnsafeDestroyRangeResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Deletes a range of user keys from this store, with all versions and locks, without regard to
 * regions and without replication. Both keys must be given: nobody wants to destroy a whole store.
 */
final class UnsafeDestroyRangeCall
    implements KvHandler<UnsafeDestroyRangeRequest, UnsafeDestroyRangeResponse> {
  private final RegionAccess access;
  private final Executor executor;

  /**
   * @param executor where the engine is written to
   */
  UnsafeDestroyRangeCall(RegionAccess access, Executor executor) {
    this.access = access;
    this.executor = executor;
  }

  @Override
  public CompletableFuture<UnsafeDestroyRangeResponse> handle(UnsafeDestroyRangeRequest request) {
    Key start = Key.wrap(request.getStartKey().toByteArray());
    Key end = Key.wrap(request.getEndKey().toByteArray());
    if (start.isEmpty() || end.isEmpty()) {
      return CompletableFuture.completedFuture(
          refused("start_key and end_key of a range to destroy must both be given"));
    }
    if (start.compareTo(end) >= 0) {
      return CompletableFuture.completedFuture(
          refused(
              "the range to destroy ends at " + end + ", which is not above its start " + start));
    }
    KeyRange stored = new KeyRange(MemComparable.encode(start), MemComparable.encode(end));
    return CompletableFuture.supplyAsync(() -> destroy(stored), executor);
  }

  private UnsafeDestroyRangeResponse destroy(KeyRange stored) {
    try {
      DestroyRange.run(access.engine(), stored);
      return UnsafeDestroyRangeResponse.getDefaultInstance();
    } catch (EngineException failure) {
      return refused("the range could not be deleted: " + failure.getMessage());
    }
  }

  private static UnsafeDestroyRangeResponse refused(String why) {
    return UnsafeDestroyRangeResponse.newBuilder()
        .setErrorBytes(ByteString.copyFromUtf8(why))
        .build();
  }
}
