package dev.kittiwake.kv.raw;

import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.RawGetRequest;
import dev.kittiwake.proto.kvrpcpb.RawGetResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The value of a key, or that there is none. */
final class RawGet implements KvHandler<RawGetRequest, RawGetResponse> {
  private static final RawGetResponse NOT_FOUND =
      RawGetResponse.newBuilder().setNotFound(true).build();

  private final RegionReads reads;

  RawGet(RegionReads reads) {
    this.reads = reads;
  }

  @Override
  public CompletableFuture<RawGetResponse> handle(RawGetRequest request) {
    RawKeys.check(request.getContext(), 0);
    Key key = RawKeys.key(request.getKey());
    Family family = RawKeys.family(request.getCf());
    return reads.points(
        request.getContext(),
        List.of(key),
        error -> RawGetResponse.newBuilder().setRegionError(error).build(),
        reader -> {
          byte[] value = reader.get(family, key);
          return value == null
              ? NOT_FOUND
              : RawGetResponse.newBuilder()
                  .setValue(UnsafeByteOperations.unsafeWrap(value))
                  .build();
        });
  }
}
