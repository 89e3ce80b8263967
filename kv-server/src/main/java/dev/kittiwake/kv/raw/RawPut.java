package dev.kittiwake.kv.raw;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.RawPutRequest;
import dev.kittiwake.proto.kvrpcpb.RawPutResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sets the value of a key. */
final class RawPut implements KvHandler<RawPutRequest, RawPutResponse> {
  private final RawWrites writes;

  RawPut(RawWrites writes) {
    this.writes = writes;
  }

  @Override
  public CompletableFuture<RawPutResponse> handle(RawPutRequest request) {
    RawKeys.check(request.getContext(), request.getTtl());
    Key key = RawKeys.key(request.getKey());
    RawKeys.checkLength(key);
    RegionWrite write =
        new RegionWrite(key.length() + request.getValue().size() + 16)
            .put(RawKeys.family(request.getCf()), key, request.getValue().toByteArray());
    return writes.write(
        request.getContext(),
        List.of(key),
        request.getForCas(),
        write,
        error ->
            error == null
                ? RawPutResponse.getDefaultInstance()
                : RawPutResponse.newBuilder().setRegionError(error).build());
  }
}
