package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.pdpb.CheckPolicy;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.SplitRegion;
import java.util.Optional;

/**
 * The region is cut where its store finds the middle of its data.
 *
 * @param version of the region when the plan was made; a split raises it
 */
record SplitInHalf(long version) implements OperatorStep {
  @Override
  public boolean isDone(RegionRecord region) {
    return Long.compareUnsigned(region.version(), version) > 0;
  }

  @Override
  public boolean changesEpoch() {
    return true;
  }

  @Override
  public Optional<String> obstacle(RegionRecord region) {
    return Optional.empty();
  }

  @Override
  public void writeTo(RegionHeartbeatResponse.Builder message) {
    message.setSplitRegion(SplitRegion.newBuilder().setPolicy(CheckPolicy.APPROXIMATE));
  }

  @Override
  public String toString() {
    return "split in half";
  }
}
