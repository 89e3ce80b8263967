package dev.kittiwake.kv.raw;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.RawDeleteRequest;
import dev.kittiwake.proto.kvrpcpb.RawDeleteResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Deletes a key, if it is there. */
final class RawDelete implements KvHandler<RawDeleteRequest, RawDeleteResponse> {
  private final RawWrites writes;

  RawDelete(RawWrites writes) {
    this.writes = writes;
  }

  @Override
  public CompletableFuture<RawDeleteResponse> handle(RawDeleteRequest request) {
    RawKeys.check(request.getContext(), 0);
    Key key = RawKeys.key(request.getKey());
    return writes.write(
        request.getContext(),
        List.of(key),
        request.getForCas(),
        new RegionWrite().delete(RawKeys.family(request.getCf()), key),
        error ->
            error == null
                ? RawDeleteResponse.getDefaultInstance()
                : RawDeleteResponse.newBuilder().setRegionError(error).build());
  }
}
