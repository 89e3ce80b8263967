package dev.kittiwake.kv.region;

import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;

/**
 * What other threads may see of a replica, as of the last round of its loop. Immutable.
 *
 * @param region the region as applied; without peers if the replica waits for its first snapshot
 * @param leader the leader if known, else null
 * @param leads whether this replica leads
 * @param merging whether the region is about to become part of its neighbour: it serves nothing
 * @param base the epoch at which this replica began
 * @param view the ticket for requests admitted under this face
 */
record RegionFace(
    Region region,
    Peer peer,
    long term,
    Peer leader,
    boolean leads,
    boolean merging,
    RegionEpoch base,
    RegionView view) {
  /** The same replica with another role. */
  RegionFace with(Region region, Peer peer, long term, Peer leader, boolean leads) {
    return of(region, peer, term, leader, leads, merging, base);
  }

  RegionFace merging(boolean now) {
    return of(region, peer, term, leader, leads, now, base);
  }

  RegionFace base(RegionEpoch began) {
    return of(region, peer, term, leader, leads, merging, began);
  }

  static RegionFace of(
      Region region,
      Peer peer,
      long term,
      Peer leader,
      boolean leads,
      boolean merging,
      RegionEpoch base) {
    RegionView view = new RegionView(region, peer, term, leads, false, Regions.range(region));
    return new RegionFace(region, peer, term, leader, leads, merging, base, view);
  }

  boolean initialized() {
    return Regions.isInitialized(region);
  }

  long version() {
    return region.getRegionEpoch().getVersion();
  }
}
