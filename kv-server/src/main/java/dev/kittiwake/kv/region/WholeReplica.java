package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.ReplicaPhase;

/**
 * The data of a replica that need not lead. A snapshot from the leader may be taking its place, or
 * the range may be going to a neighbour, without the loop or the caller knowing yet: the records of
 * the region in the very engine snapshot that is to be read tell what it is.
 */
final class WholeReplica {
  private WholeReplica() {}

  /**
   * The region's data as applied up to {@code index} or further, or null if it is not there: the
   * region is not the one of {@code view} any more, is not as far, or is being replaced.
   */
  static RegionSnapshot take(Engine engine, RegionView view, long index) {
    EngineSnapshot snapshot = engine.snapshot();
    if (isWhole(snapshot, view, index)) {
      return new RegionSnapshot(snapshot, view);
    }
    snapshot.close();
    return null;
  }

  static boolean isWhole(EngineSnapshot snapshot, RegionView view, long index) {
    RegionState state = RegionRecords.state(snapshot, view.regionId());
    return state != null
        && state.getPhase() == ReplicaPhase.NORMAL
        && state.getPeer().getId() == view.peer().getId()
        && state.getRegion().getRegionEpoch().getVersion() == view.version()
        && RegionRecords.applied(snapshot, view.regionId()).index() >= index;
  }
}
