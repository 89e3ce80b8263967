package dev.kittiwake.kv.api.cluster;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.kvrpcpb.SplitRegionRequest;
import dev.kittiwake.proto.kvrpcpb.SplitRegionResponse;
import dev.kittiwake.proto.metapb.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Splits a region at given keys; answers when the split is applied. */
final class SplitRegionCall implements KvHandler<SplitRegionRequest, SplitRegionResponse> {
  private final RegionAccess access;

  SplitRegionCall(RegionAccess access) {
    this.access = access;
  }

  @Override
  @SuppressWarnings("deprecation") // split_key is what older clients send
  public CompletableFuture<SplitRegionResponse> handle(SplitRegionRequest request) {
    Admission admission = access.admit(request.getContext(), List.of(), true);
    if (!(admission instanceof Admission.Admitted)) {
      return RegionReads.refuse(admission, SplitRegionCall::refused);
    }
    RegionView view = ((Admission.Admitted) admission).view();
    List<ByteString> asked = new ArrayList<>(request.getSplitKeysList());
    if (asked.isEmpty()) {
      asked.add(request.getSplitKey());
    }
    List<Key> keys = new ArrayList<>();
    for (ByteString one : asked) {
      Key key = Key.wrap(one.toByteArray());
      keys.add(request.getIsRawKv() ? key : MemComparable.encode(key));
    }
    keys.sort(null);
    String objection = objection(view, keys, asked);
    if (objection != null) {
      return CompletableFuture.completedFuture(
          refused(Error.newBuilder().setMessage(objection).build()));
    }
    return access.split(view, keys).thenApply(SplitRegionCall::answer);
  }

  private static String objection(RegionView view, List<Key> sorted, List<ByteString> asked) {
    if (asked.stream().anyMatch(ByteString::isEmpty)) {
      return "a region cannot be split at the empty key";
    }
    for (int i = 0; i < sorted.size(); i++) {
      Key key = sorted.get(i);
      if (i > 0 && key.equals(sorted.get(i - 1))) {
        return "split key " + key + " is given twice";
      }
      if (!view.contains(key) || key.equals(view.range().start())) {
        return "split key "
            + key
            + " does not lie inside region "
            + view.regionId()
            + ", which is from "
            + view.range().start()
            + " to "
            + view.range().end();
      }
    }
    return null;
  }

  private static SplitRegionResponse answer(SplitResult result) {
    if (result instanceof SplitResult.Refused) {
      return refused(((SplitResult.Refused) result).error());
    }
    List<Region> regions = ((SplitResult.Done) result).regions();
    SplitRegionResponse.Builder response = SplitRegionResponse.newBuilder().addAllRegions(regions);
    if (regions.size() == 2) {
      setHalves(response, regions);
    }
    return response.build();
  }

  @SuppressWarnings("deprecation") // left and right are what older clients read
  private static void setHalves(SplitRegionResponse.Builder response, List<Region> regions) {
    response.setLeft(regions.get(0)).setRight(regions.get(1));
  }

  private static SplitRegionResponse refused(Error error) {
    return SplitRegionResponse.newBuilder().setRegionError(error).build();
  }
}
