package dev.kittiwake.kv.region;

import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import java.util.List;

/**
 * What a leader tells of its region.
 *
 * @param down peers that have been silent for long, with the number of ticks
 * @param pending peers that lack entries and wait for a snapshot
 * @param traffic what this replica did since it was started
 * @param size about how much the region holds, or null while that is not known
 */
public record RegionReport(
    Region region,
    Peer leader,
    long term,
    List<SilentPeer> down,
    List<Peer> pending,
    Traffic traffic,
    RegionSize.Estimate size) {
  /**
   * What was written and read; what reads took is estimated.
   *
   * @param readKeys keys asked for; a range counts as one
   */
  public record Traffic(long writtenBytes, long writtenKeys, long readBytes, long readKeys) {}

  /** A peer that the leader has not heard of, or that must be replaced at once. */
  public record SilentPeer(Peer peer, int ticks) {
    /** In place of a silence: the peer answers, but its data is damaged. */
    public static final int DAMAGED = Integer.MAX_VALUE;
  }
}
