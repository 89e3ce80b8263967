package dev.kittiwake.kv.raw;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.RawBatchDeleteRequest;
import dev.kittiwake.proto.kvrpcpb.RawBatchDeleteResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Deletes several keys of a region, atomically. */
final class RawBatchDelete implements KvHandler<RawBatchDeleteRequest, RawBatchDeleteResponse> {
  private final RawWrites writes;

  RawBatchDelete(RawWrites writes) {
    this.writes = writes;
  }

  @Override
  public CompletableFuture<RawBatchDeleteResponse> handle(RawBatchDeleteRequest request) {
    RawKeys.check(request.getContext(), 0);
    Family family = RawKeys.family(request.getCf());
    List<Key> keys = RawKeys.keys(request.getKeysList(), key -> key);
    RegionWrite write = new RegionWrite(request.getSerializedSize());
    keys.forEach(key -> write.delete(family, key));
    return writes.write(
        request.getContext(),
        keys,
        request.getForCas(),
        write,
        error ->
            error == null
                ? RawBatchDeleteResponse.getDefaultInstance()
                : RawBatchDeleteResponse.newBuilder().setRegionError(error).build());
  }
}
