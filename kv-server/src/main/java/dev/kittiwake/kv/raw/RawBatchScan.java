package dev.kittiwake.kv.raw;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.proto.kvrpcpb.KeyRange;
import dev.kittiwake.proto.kvrpcpb.RawBatchScanRequest;
import dev.kittiwake.proto.kvrpcpb.RawBatchScanResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Several scans of one region at one moment, each up to its limit. */
final class RawBatchScan implements KvHandler<RawBatchScanRequest, RawBatchScanResponse> {
  private final RegionReads reads;

  RawBatchScan(RegionReads reads) {
    this.reads = reads;
  }

  @Override
  public CompletableFuture<RawBatchScanResponse> handle(RawBatchScanRequest request) {
    RawKeys.check(request.getContext(), 0);
    Family family = RawKeys.family(request.getCf());
    return reads.scan(
        request.getContext(),
        List.of(),
        error -> RawBatchScanResponse.newBuilder().setRegionError(error).build(),
        snapshot -> {
          RawBatchScanResponse.Builder response = RawBatchScanResponse.newBuilder();
          for (KeyRange range : request.getRangesList()) {
            response.addAllKvs(
                RawScan.pairs(
                    snapshot,
                    family,
                    RawScan.range(range.getStartKey(), range.getEndKey(), request.getReverse()),
                    request.getEachLimit(),
                    request.getKeyOnly(),
                    request.getReverse()));
          }
          return response.build();
        });
  }
}
