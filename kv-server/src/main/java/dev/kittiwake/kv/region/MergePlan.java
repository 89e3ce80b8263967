package dev.kittiwake.kv.region;

import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.store.MergeState;
import java.util.Comparator;
import java.util.List;

/**
 * What merging makes of two regions, and whether it may be tried. Pure.
 *
 * <p>Preparing adds one to both numbers of the source's epoch, taking it back one to its version;
 * the region that goes on gets the larger version of the two and one more, and keeps its {@code
 * conf_ver}.
 */
final class MergePlan {
  private MergePlan() {}

  /** Why {@code source} cannot become part of {@code target}, or null. */
  static String objection(Region source, Region target) {
    if (source.getId() == target.getId()) {
      return "a region cannot be merged with itself";
    }
    if (!areNeighbours(source, target)) {
      return "region " + target.getId() + " is not its neighbour";
    }
    if (ConfChange.isJoint(source) || ConfChange.isJoint(target)) {
      return "one of the two is changing its members";
    }
    if (!places(source).equals(places(target))) {
      return "the two have replicas on different stores, or in different roles";
    }
    return null;
  }

  static boolean areNeighbours(Region a, Region b) {
    return (!a.getEndKey().isEmpty() && a.getEndKey().equals(b.getStartKey()))
        || (!b.getEndKey().isEmpty() && b.getEndKey().equals(a.getStartKey()));
  }

  private static List<String> places(Region region) {
    return region.getPeersList().stream()
        .sorted(Comparator.comparingLong(Peer::getStoreId))
        .map(peer -> peer.getStoreId() + " " + peer.getRole())
        .toList();
  }

  /** The source once it is prepared. */
  static Region prepared(Region source) {
    Region.Builder prepared = source.toBuilder();
    prepared
        .getRegionEpochBuilder()
        .setVersion(source.getRegionEpoch().getVersion() + 1)
        .setConfVer(source.getRegionEpoch().getConfVer() + 1);
    return prepared.build();
  }

  /** The source once the merge is taken back. */
  static Region takenBack(Region prepared) {
    Region.Builder back = prepared.toBuilder();
    back.getRegionEpochBuilder().setVersion(prepared.getRegionEpoch().getVersion() + 1);
    return back.build();
  }

  /** The target with the range of the source. */
  static Region merged(Region source, Region target) {
    Region.Builder merged = target.toBuilder();
    if (target.getStartKey().equals(source.getEndKey()) && !source.getEndKey().isEmpty()) {
      merged.setStartKey(source.getStartKey());
    } else {
      merged.setEndKey(source.getEndKey());
    }
    long version =
        Math.max(source.getRegionEpoch().getVersion(), target.getRegionEpoch().getVersion());
    merged.getRegionEpochBuilder().setVersion(version + 1);
    return merged.build();
  }

  static boolean sameEpoch(RegionEpoch a, RegionEpoch b) {
    return a.getVersion() == b.getVersion() && a.getConfVer() == b.getConfVer();
  }

  /**
   * Whether what a store knows of the target proves that the merge cannot happen any more: the
   * target has become something else, and this store's replica of it has applied each step on the
   * way there. Had one of them been the merge, the source's replica would have ended with it.
   *
   * @param now the target as it is on this store
   * @param base the epoch at which this store's replica of it began
   */
  static boolean hasFailed(MergeState merge, Region now, RegionEpoch base) {
    RegionEpoch expected = merge.getTarget().getRegionEpoch();
    RegionEpoch present = now.getRegionEpoch();
    boolean beganBefore =
        base.getVersion() <= expected.getVersion() && base.getConfVer() <= expected.getConfVer();
    boolean later =
        present.getVersion() > expected.getVersion()
            || present.getConfVer() > expected.getConfVer();
    return Regions.isInitialized(now) && beganBefore && later;
  }
}
