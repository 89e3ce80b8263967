package dev.kittiwake.client.raw;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.CachedRegion;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.client.region.RegionCache.Side;
import dev.kittiwake.client.region.ReplicaReads;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.KvPair;
import dev.kittiwake.proto.kvrpcpb.RawScanRequest;
import dev.kittiwake.proto.kvrpcpb.RawScanResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One scan over {@code [start, end)}, region after region, upwards or downwards, until {@code
 * limit} pairs are found. A region that gives fewer pairs than asked for is finished.
 */
final class RawScanner {
  private static final int BATCH = 1_024;

  private final ReplicaReads replicas;
  private final Backoff backoff;
  private final int limit;
  private final boolean reverse;
  private final boolean keyOnly;
  private final byte[] lower;
  private byte[] upper; // exclusive; empty for no bound; moves down in a reverse scan
  private byte[] from; // inclusive; moves up in a forward scan
  private final List<RawPair> found = new ArrayList<>();

  RawScanner(
      ReplicaReads replicas,
      Backoff backoff,
      byte[] end,
      int limit,
      boolean reverse,
      boolean keyOnly,
      byte[] start) {
    this.replicas = replicas;
    this.backoff = backoff;
    this.limit = limit;
    this.reverse = reverse;
    this.keyOnly = keyOnly;
    this.lower = start;
    this.from = start;
    this.upper = end;
  }

  CompletableFuture<List<RawPair>> run() {
    if (found.size() >= limit || isEmpty(from, upper)) {
      return CompletableFuture.completedFuture(found);
    }
    int wanted = Math.min(BATCH, limit - found.size());
    return replicas
        .send(
            KvCall.RAW_SCAN,
            reverse ? upper : from,
            reverse ? Side.BELOW : Side.AT,
            region -> request(region, wanted),
            backoff)
        .thenCompose(
            reply ->
                advance(reply.region(), reply.response(), wanted)
                    ? CompletableFuture.completedFuture(found)
                    : run());
  }

  private RawScanRequest request(CachedRegion region, int wanted) {
    byte[] low = Arrays.compareUnsigned(from, region.start()) >= 0 ? from : region.start();
    byte[] high = lowerEnd(upper, region.end());
    ByteString start = UnsafeByteOperations.unsafeWrap(reverse ? high : low);
    ByteString end = UnsafeByteOperations.unsafeWrap(reverse ? low : high);
    return RawScanRequest.newBuilder()
        .setContext(region.context())
        .setStartKey(start)
        .setEndKey(end)
        .setLimit(wanted)
        .setKeyOnly(keyOnly)
        .setReverse(reverse)
        .build();
  }

  /** Takes the pairs over and moves on; true when everything has been seen. */
  private boolean advance(CachedRegion region, RawScanResponse response, int wanted) {
    for (KvPair pair : response.getKvsList()) {
      found.add(new RawPair(pair.getKey().toByteArray(), pair.getValue().toByteArray()));
    }
    boolean more = response.getKvsCount() >= wanted;
    if (more) {
      byte[] last = found.get(found.size() - 1).key();
      if (reverse) {
        upper = last;
      } else {
        from = Key.wrap(last).next().unsafeBytes();
      }
      return reverse && upper.length == 0;
    }
    if (reverse) {
      upper = region.start();
      return upper.length == 0 || Arrays.compareUnsigned(upper, lower) <= 0;
    }
    from = region.end();
    return from.length == 0;
  }

  private static boolean isEmpty(byte[] start, byte[] end) {
    return end.length != 0 && Arrays.compareUnsigned(start, end) >= 0;
  }

  /** The lower of two exclusive bounds, where empty means none. */
  static byte[] lowerEnd(byte[] a, byte[] b) {
    if (a.length == 0) {
      return b;
    }
    return b.length == 0 || Arrays.compareUnsigned(a, b) <= 0 ? a : b;
  }
}
