package dev.kittiwake.kv.raw;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.region.RegionSnapshot;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.KvPair;
import dev.kittiwake.proto.kvrpcpb.RawScanRequest;
import dev.kittiwake.proto.kvrpcpb.RawScanResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Up to {@code limit} pairs of a range, within the region. Backwards, the start key is the
 * exclusive upper bound and the end key the inclusive lower one. Fewer pairs than asked mean that
 * the region has no more.
 */
final class RawScan implements KvHandler<RawScanRequest, RawScanResponse> {
  private final RegionReads reads;

  RawScan(RegionReads reads) {
    this.reads = reads;
  }

  @Override
  public CompletableFuture<RawScanResponse> handle(RawScanRequest request) {
    RawKeys.check(request.getContext(), 0);
    Family family = RawKeys.family(request.getCf());
    KeyRange asked = range(request.getStartKey(), request.getEndKey(), request.getReverse());
    return reads.scan(
        request.getContext(),
        // a backward scan may start at the region's end, which is not in the region
        request.getReverse() ? List.of() : List.of(asked.start()),
        error -> RawScanResponse.newBuilder().setRegionError(error).build(),
        snapshot ->
            RawScanResponse.newBuilder()
                .addAllKvs(
                    pairs(
                        snapshot,
                        family,
                        asked,
                        request.getLimit(),
                        request.getKeyOnly(),
                        request.getReverse()))
                .build());
  }

  static KeyRange range(ByteString start, ByteString end, boolean reverse) {
    return reverse
        ? new KeyRange(RawKeys.key(end), RawKeys.key(start))
        : new KeyRange(RawKeys.key(start), RawKeys.key(end));
  }

  static List<KvPair> pairs(
      RegionSnapshot snapshot,
      Family family,
      KeyRange range,
      int limit,
      boolean keyOnly,
      boolean reverse) {
    List<KvPair> pairs = new ArrayList<>();
    if (range.isEmpty()) {
      return pairs;
    }
    try (EngineCursor cursor = snapshot.cursor(family, range)) {
      boolean valid = reverse ? cursor.seekToLast() : cursor.seekToFirst();
      while (valid && pairs.size() < limit) {
        KvPair.Builder pair =
            KvPair.newBuilder().setKey(UnsafeByteOperations.unsafeWrap(cursor.key()));
        if (!keyOnly) {
          pair.setValue(UnsafeByteOperations.unsafeWrap(cursor.value()));
        }
        pairs.add(pair.build());
        valid = reverse ? cursor.prev() : cursor.next();
      }
    }
    return pairs;
  }
}
