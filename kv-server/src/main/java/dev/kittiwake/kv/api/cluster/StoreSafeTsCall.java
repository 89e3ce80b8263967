package dev.kittiwake.kv.api.cluster;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.StoreSafeTSRequest;
import dev.kittiwake.proto.kvrpcpb.StoreSafeTSResponse;
import java.util.concurrent.CompletableFuture;

/** Up to which timestamp this store serves stale reads of a range; 0 = not at all. */
final class StoreSafeTsCall implements KvHandler<StoreSafeTSRequest, StoreSafeTSResponse> {
  private final RegionAccess access;

  StoreSafeTsCall(RegionAccess access) {
    this.access = access;
  }

  @Override
  public CompletableFuture<StoreSafeTSResponse> handle(StoreSafeTSRequest request) {
    Key start = Key.wrap(request.getKeyRange().getStartKey().toByteArray());
    Key end = Key.wrap(request.getKeyRange().getEndKey().toByteArray());
    return access
        .safeTs(new KeyRange(start, end))
        .thenApply(ts -> StoreSafeTSResponse.newBuilder().setSafeTs(ts).build());
  }
}
