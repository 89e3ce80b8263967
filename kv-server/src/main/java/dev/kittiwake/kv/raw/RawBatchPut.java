package dev.kittiwake.kv.raw;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.KvPair;
import dev.kittiwake.proto.kvrpcpb.RawBatchPutRequest;
import dev.kittiwake.proto.kvrpcpb.RawBatchPutResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sets the values of several keys of a region, atomically. */
final class RawBatchPut implements KvHandler<RawBatchPutRequest, RawBatchPutResponse> {
  private final RawWrites writes;

  RawBatchPut(RawWrites writes) {
    this.writes = writes;
  }

  @Override
  @SuppressWarnings("deprecation") // `ttl` is what older clients send
  public CompletableFuture<RawBatchPutResponse> handle(RawBatchPutRequest request) {
    checkTtls(request);
    Family family = RawKeys.family(request.getCf());
    List<Key> keys = RawKeys.keys(request.getPairsList(), KvPair::getKey);
    RegionWrite write = new RegionWrite(request.getSerializedSize());
    for (int i = 0; i < keys.size(); i++) {
      RawKeys.checkLength(keys.get(i));
      write.put(family, keys.get(i), request.getPairs(i).getValue().toByteArray());
    }
    return writes.write(
        request.getContext(),
        keys,
        request.getForCas(),
        write,
        error ->
            error == null
                ? RawBatchPutResponse.getDefaultInstance()
                : RawBatchPutResponse.newBuilder().setRegionError(error).build());
  }

  private static void checkTtls(RawBatchPutRequest request) {
    RawKeys.check(request.getContext(), request.getTtl());
    int ttls = request.getTtlsCount();
    if (ttls > 1 && ttls != request.getPairsCount()) {
      throw new InvalidRawRequest(
          "the number of ttls, "
              + ttls
              + ", is neither 0, 1 nor that of the pairs, "
              + request.getPairsCount());
    }
    for (long ttl : request.getTtlsList()) {
      RawKeys.check(request.getContext(), ttl);
    }
  }
}
