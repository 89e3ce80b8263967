package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.ReplicaPhase;
import dev.kittiwake.raft.LogPosition;
import java.util.ArrayList;
import java.util.List;

/**
 * A replica as it lies in an engine, for tools and for checks that compare replicas.
 *
 * @param applied the last position whose effects are in the data
 * @param dataStart the first engine key of its data
 * @param dataEnd the first engine key behind it
 */
public record RegionImage(
    Region region, Peer peer, LogPosition applied, byte[] dataStart, byte[] dataEnd) {
  /** The replicas that have data; none that is being installed or was removed. */
  public static List<RegionImage> all(EngineSnapshot snapshot) {
    List<RegionImage> images = new ArrayList<>();
    for (RegionState state : RegionRecords.all(snapshot)) {
      Region region = state.getRegion();
      if (state.getPhase() == ReplicaPhase.NORMAL && Regions.isInitialized(region)) {
        images.add(
            new RegionImage(
                region,
                state.getPeer(),
                RegionRecords.applied(snapshot, region.getId()),
                EngineKeys.dataStart(Regions.range(region)),
                EngineKeys.dataEnd(Regions.range(region))));
      }
    }
    return images;
  }

  /** The regions of all replicas, also of those that are being installed or are about to merge. */
  public static List<Region> held(EngineSnapshot snapshot) {
    List<Region> held = new ArrayList<>();
    for (RegionState state : RegionRecords.all(snapshot)) {
      if (state.getPhase() != ReplicaPhase.TOMBSTONE && Regions.isInitialized(state.getRegion())) {
        held.add(state.getRegion());
      }
    }
    return held;
  }
}
