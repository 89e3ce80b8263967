package dev.kittiwake.kv.raw;

import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.KvPair;
import dev.kittiwake.proto.kvrpcpb.RawBatchGetRequest;
import dev.kittiwake.proto.kvrpcpb.RawBatchGetResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The values of those keys that have one; each value for itself is the newest. */
final class RawBatchGet implements KvHandler<RawBatchGetRequest, RawBatchGetResponse> {
  private final RegionReads reads;

  RawBatchGet(RegionReads reads) {
    this.reads = reads;
  }

  @Override
  public CompletableFuture<RawBatchGetResponse> handle(RawBatchGetRequest request) {
    RawKeys.check(request.getContext(), 0);
    List<Key> keys = RawKeys.keys(request.getKeysList(), key -> key);
    Family family = RawKeys.family(request.getCf());
    return reads.points(
        request.getContext(),
        keys,
        error -> RawBatchGetResponse.newBuilder().setRegionError(error).build(),
        reader -> {
          RawBatchGetResponse.Builder response = RawBatchGetResponse.newBuilder();
          for (int i = 0; i < keys.size(); i++) {
            byte[] value = reader.get(family, keys.get(i));
            if (value != null) {
              response.addPairs(
                  KvPair.newBuilder()
                      .setKey(request.getKeys(i))
                      .setValue(UnsafeByteOperations.unsafeWrap(value)));
            }
          }
          return response.build();
        });
  }
}
