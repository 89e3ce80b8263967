package dev.kittiwake.kv.raw;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.RawDeleteRangeRequest;
import dev.kittiwake.proto.kvrpcpb.RawDeleteRangeResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Deletes all keys of a range, as far as it lies in the region. */
final class RawDeleteRange implements KvHandler<RawDeleteRangeRequest, RawDeleteRangeResponse> {
  private final RegionAccess access;

  RawDeleteRange(RegionAccess access) {
    this.access = access;
  }

  @Override
  public CompletableFuture<RawDeleteRangeResponse> handle(RawDeleteRangeRequest request) {
    RawKeys.check(request.getContext(), 0);
    Family family = RawKeys.family(request.getCf());
    Key start = RawKeys.key(request.getStartKey());
    KeyRange asked = new KeyRange(start, RawKeys.key(request.getEndKey()));
    if (asked.isEmpty()) {
      return CompletableFuture.completedFuture(RawDeleteRangeResponse.getDefaultInstance());
    }
    Admission admission = access.admit(request.getContext(), List.of(start), true);
    if (!(admission instanceof Admission.Admitted)) {
      return RegionReads.refuse(admission, RawDeleteRange::answer);
    }
    RegionView view = ((Admission.Admitted) admission).view();
    RegionWrite write = new RegionWrite().deleteRange(family, asked.intersection(view.range()));
    return access.write(view, write).thenApply(RawDeleteRange::answer);
  }

  private static RawDeleteRangeResponse answer(Error error) {
    return error == null
        ? RawDeleteRangeResponse.getDefaultInstance()
        : RawDeleteRangeResponse.newBuilder().setRegionError(error).build();
  }
}
