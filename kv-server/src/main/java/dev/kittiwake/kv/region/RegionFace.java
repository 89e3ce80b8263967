package dev.kittiwake.kv.region;

import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;

/**
 * What other threads may see of a replica, as of the last round of its loop. Immutable.
 *
 * @param region the region as applied; without peers if the replica waits for its first snapshot
 * @param leader the leader if known, else null
 * @param leads whether this replica leads
 * @param view the ticket for requests admitted under this face
 */
record RegionFace(
    Region region, Peer peer, long term, Peer leader, boolean leads, RegionView view) {
  static RegionFace of(Region region, Peer peer, long term, Peer leader, boolean leads) {
    KeyRange range = Regions.range(region);
    return new RegionFace(
        region, peer, term, leader, leads, new RegionView(region, peer, term, leads, false, range));
  }

  boolean initialized() {
    return Regions.isInitialized(region);
  }

  long version() {
    return region.getRegionEpoch().getVersion();
  }
}
