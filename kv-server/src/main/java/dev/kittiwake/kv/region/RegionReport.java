package dev.kittiwake.kv.region;

import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import java.util.List;

/**
 * What a leader tells of its region.
 *
 * @param down peers that have been silent for long, with the number of ticks
 * @param pending peers that lack entries and wait for a snapshot
 * @param writtenBytes by this replica since it was started
 * @param writtenKeys by this replica since it was started
 */
public record RegionReport(
    Region region,
    Peer leader,
    long term,
    List<SilentPeer> down,
    List<Peer> pending,
    long writtenBytes,
    long writtenKeys) {
  /** A peer that the leader has not heard of. */
  public record SilentPeer(Peer peer, int ticks) {}
}
