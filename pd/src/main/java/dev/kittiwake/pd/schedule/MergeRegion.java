package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.Merge;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import java.util.Optional;

/**
 * The source region goes up in its neighbour. Both have an operator with this step: the source's
 * leader is told, the target waits until its range covers both.
 *
 * @param source range of the region that goes
 * @param target the region that stays, as it was when this was planned
 * @param passive this is the target's side
 */
record MergeRegion(long sourceId, KeyRange source, Region target, boolean passive)
    implements OperatorStep {
  /** The source never reports again; the target does, with the keys of both. */
  @Override
  public boolean isDone(RegionRecord region) {
    return passive && region.id() == target.getId() && region.range().contains(source.start());
  }

  @Override
  public boolean isUnderWay(RegionRecord region) {
    return passive;
  }

  /** Preparing a merge changes the source's epoch: that is not someone else's change. */
  @Override
  public boolean changesEpoch() {
    return true;
  }

  /**
   * A target that has changed cannot take the source in any more, and a source that was split is
   * another region: stores would refuse for as long as they are told.
   */
  @Override
  public Optional<String> obstacle(RegionRecord region) {
    boolean changed =
        passive
            ? !region.region().getRegionEpoch().equals(target.getRegionEpoch())
            : !region.range().equals(source);
    return changed
        ? Optional.of("region " + region.id() + " has changed since the merge was planned")
        : Optional.empty();
  }

  @Override
  public void writeTo(RegionHeartbeatResponse.Builder message) {
    message.setMerge(Merge.newBuilder().setTarget(target));
  }

  @Override
  public long timeoutMillis(long regionMiB) {
    return 600_000;
  }

  @Override
  public String toString() {
    return passive
        ? "wait for region " + sourceId + " to merge into this one"
        : "merge into region " + target.getId();
  }
}
