package dev.kittiwake.pd.schedule;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.pdpb.CheckPolicy;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.SplitRegion;
import java.util.List;
import java.util.Optional;

/** The region is cut at these keys. */
record SplitAtKeys(List<Key> keys) implements OperatorStep {
  SplitAtKeys {
    keys = List.copyOf(keys);
  }

  @Override
  public boolean isDone(RegionRecord region) {
    return keys.stream()
        .noneMatch(key -> region.range().contains(key) && !key.equals(region.range().start()));
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
    SplitRegion.Builder split = SplitRegion.newBuilder().setPolicy(CheckPolicy.USEKEY);
    keys.forEach(key -> split.addKeys(ByteString.copyFrom(key.toBytes())));
    message.setSplitRegion(split);
  }

  @Override
  public String toString() {
    return "split at " + keys;
  }
}
