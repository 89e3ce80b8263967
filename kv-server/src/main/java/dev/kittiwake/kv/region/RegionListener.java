package dev.kittiwake.kv.region;

import java.util.List;

/**
 * Learns what happens to the regions of this store. Called on the store loop, in the order in which
 * things happen to a region: must not block.
 */
public interface RegionListener {
  /** This store's replica became leader and has applied everything of earlier terms. */
  default void onLeaderGained(RegionView view) {}

  /**
   * This store's replica no longer leads (or is about to hand over); {@code term} is the term it
   * led in. Also told of a region that was split off from one that this store led, if another store
   * becomes its first leader.
   */
  default void onLeaderLost(long regionId, long term) {}

  /**
   * A region was split; all resulting regions left to right. One of them carries the old id.
   *
   * @param wasLeader whether this store's replica led the old region
   */
  default void onSplit(RegionView before, List<RegionView> after, boolean wasLeader) {}

  /**
   * A region has taken its neighbour's keys over; the neighbour is destroyed, which is told too.
   *
   * @param wasLeader whether this store's replica leads the region
   */
  default void onMerged(RegionView before, RegionView after, boolean wasLeader) {}

  /** Membership changed; the range did not. */
  default void onMembershipChanged(RegionView view) {}

  /** This store no longer holds a replica of the region. */
  default void onDestroyed(long regionId) {}
}
