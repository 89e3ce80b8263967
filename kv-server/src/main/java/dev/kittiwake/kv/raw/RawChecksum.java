package dev.kittiwake.kv.raw;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.proto.kvrpcpb.ChecksumAlgorithm;
import dev.kittiwake.proto.kvrpcpb.KeyRange;
import dev.kittiwake.proto.kvrpcpb.RawChecksumRequest;
import dev.kittiwake.proto.kvrpcpb.RawChecksumResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A checksum over the pairs of ranges that does not depend on their order: the XOR of a CRC-64 of
 * each pair.
 */
final class RawChecksum implements KvHandler<RawChecksumRequest, RawChecksumResponse> {
  private final RegionReads reads;

  RawChecksum(RegionReads reads) {
    this.reads = reads;
  }

  @Override
  public CompletableFuture<RawChecksumResponse> handle(RawChecksumRequest request) {
    RawKeys.check(request.getContext(), 0);
    if (request.getAlgorithm() != ChecksumAlgorithm.Crc64_Xor) {
      throw new InvalidRawRequest(
          "unknown checksum algorithm " + request.getAlgorithmValue() + ": expected Crc64_Xor");
    }
    return reads.scan(
        request.getContext(),
        List.of(),
        error -> RawChecksumResponse.newBuilder().setRegionError(error).build(),
        snapshot -> {
          long checksum = 0;
          long pairs = 0;
          long bytes = 0;
          for (KeyRange range : request.getRangesList()) {
            var keys = RawScan.range(range.getStartKey(), range.getEndKey(), false);
            if (keys.isEmpty()) {
              continue;
            }
            try (EngineCursor cursor = snapshot.cursor(Family.DEFAULT, keys)) {
              for (boolean valid = cursor.seekToFirst(); valid; valid = cursor.next()) {
                byte[] key = cursor.key();
                byte[] value = cursor.value();
                checksum ^= Crc64.of(key, value);
                pairs++;
                bytes += key.length + value.length;
              }
            }
          }
          return RawChecksumResponse.newBuilder()
              .setChecksum(checksum)
              .setTotalKvs(pairs)
              .setTotalBytes(bytes)
              .build();
        });
  }
}
