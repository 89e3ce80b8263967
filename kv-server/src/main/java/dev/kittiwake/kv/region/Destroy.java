package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.ReplicaPhase;

/**
 * Removing a replica from this store: its data goes and a tombstone stays, durably, before its log
 * is thrown away. (Were the log gone first, a power cut could bring the replica back without its
 * memory of votes and entries.)
 */
final class Destroy {
  private Destroy() {}

  /** The apply task; {@code thenOnLoop} runs on the store loop once the tombstone is durable. */
  static ApplyLoop.Task task(RegionApplier applier, RegionState tombstone, Runnable thenOnLoop) {
    return round -> {
      round.write(); // else the applied position of earlier entries would be written again
      if (applier.isHandedOver()) { // on the way here; with a tombstone that is newer than ours
        thenOnLoop.run();
        return;
      }
      applier.markRemoved();
      Region region = applier.region();
      if (Regions.isInitialized(region)) {
        KeyRange range = Regions.range(region);
        for (Family family : Family.OF_DATA) {
          round.batch().deleteRange(family, EngineKeys.dataStart(range), EngineKeys.dataEnd(range));
        }
      }
      RegionRecords.put(round.batch(), tombstone);
      round.batch().delete(Family.RAFT, EngineKeys.applied(tombstone.getRegion().getId()));
      round.write();
      round.engine().syncLog();
      thenOnLoop.run();
    };
  }

  /** What is remembered of a removed replica. */
  static RegionState tombstone(RegionFace face) {
    return tombstone(face.region(), face.peer(), face.base());
  }

  /** What is remembered of a replica whose region became part of another. */
  static RegionState tombstone(RegionApplier applier) {
    return tombstone(applier.region(), applier.peer(), applier.base());
  }

  private static RegionState tombstone(Region region, Peer peer, RegionEpoch base) {
    RegionState.Builder tombstone =
        RegionState.newBuilder()
            .setFormat(RegionRecords.FORMAT)
            .setPhase(ReplicaPhase.TOMBSTONE)
            .setRegion(region)
            .setPeer(peer);
    if (!base.equals(RegionEpoch.getDefaultInstance())) {
      tombstone.setBaseEpoch(base);
    }
    return tombstone.build();
  }
}
