package dev.kittiwake.client.raw;

import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.CachedRegion;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.client.region.RegionCache.Side;
import dev.kittiwake.client.region.RegionRouter;
import dev.kittiwake.proto.kvrpcpb.RawDeleteRangeRequest;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Deleting a range, region after region; each region gets a budget of its own. */
final class RawRanges {
  private RawRanges() {}

  static CompletableFuture<Void> delete(
      RegionRouter router, Supplier<Backoff> budget, byte[] start, byte[] end) {
    if (end.length != 0 && Arrays.compareUnsigned(start, end) >= 0) {
      return CompletableFuture.completedFuture(null);
    }
    return router
        .send(
            KvCall.RAW_DELETE_RANGE,
            start,
            Side.AT,
            region -> request(region, start, end),
            budget.get())
        .thenCompose(
            reply -> {
              AsyncRawClient.check(reply.response().getError());
              byte[] next = reply.region().end();
              return next.length == 0
                  ? CompletableFuture.completedFuture(null)
                  : delete(router, budget, next, end);
            });
  }

  private static RawDeleteRangeRequest request(CachedRegion region, byte[] start, byte[] end) {
    return RawDeleteRangeRequest.newBuilder()
        .setContext(region.context())
        .setStartKey(UnsafeByteOperations.unsafeWrap(start))
        .setEndKey(UnsafeByteOperations.unsafeWrap(RawScanner.lowerEnd(end, region.end())))
        .build();
  }
}
