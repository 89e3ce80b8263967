package dev.kittiwake.kv.region;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;

/**
 * What a request saw of a replica when it was admitted: the ticket for reading and writing.
 * Immutable.
 *
 * @param region id, range, epoch and peers
 * @param peer the replica on this store
 * @param term the raft term; writes are refused if it has changed when they are applied
 * @param leader whether the replica led when this view was made
 * @param replicaRead whether the request asked for a read by whichever replica it reaches
 * @param range the stored keys of the region
 */
public record RegionView(
    Region region, Peer peer, long term, boolean leader, boolean replicaRead, KeyRange range) {
  /** The first term in which a region that was split off can be led. */
  public static final long FIRST_TERM = RegionRecords.INITIAL.term() + 1;

  public long regionId() {
    return region.getId();
  }

  /** The version of the epoch: changes whenever the range changes. */
  public long version() {
    return region.getRegionEpoch().getVersion();
  }

  /** Whether nobody can have led this region before. */
  public boolean isFirstLeadership() {
    return term == FIRST_TERM;
  }

  public long confVer() {
    return region.getRegionEpoch().getConfVer();
  }

  public boolean contains(Key storedKey) {
    return range.contains(storedKey);
  }

  RegionView forReplicaRead() {
    return new RegionView(region, peer, term, leader, true, range);
  }
}
