package dev.kittiwake.kv.raw;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.RawGetKeyTTLRequest;
import dev.kittiwake.proto.kvrpcpb.RawGetKeyTTLResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How long a key will live: for ever (0), as this store keeps no expiry times, or that it is not
 * there.
 */
final class RawGetKeyTtl implements KvHandler<RawGetKeyTTLRequest, RawGetKeyTTLResponse> {
  private final RegionReads reads;

  RawGetKeyTtl(RegionReads reads) {
    this.reads = reads;
  }

  @Override
  public CompletableFuture<RawGetKeyTTLResponse> handle(RawGetKeyTTLRequest request) {
    RawKeys.check(request.getContext(), 0);
    Key key = RawKeys.key(request.getKey());
    Family family = RawKeys.family(request.getCf());
    return reads.points(
        request.getContext(),
        List.of(key),
        error -> RawGetKeyTTLResponse.newBuilder().setRegionError(error).build(),
        reader ->
            RawGetKeyTTLResponse.newBuilder().setNotFound(reader.get(family, key) == null).build());
  }
}
