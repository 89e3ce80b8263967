package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.Extra;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.store.ComputeHashCommand;
import dev.kittiwake.proto.store.RegionCommand;
import dev.kittiwake.raft.Proposal;

/**
 * An entry at which every replica computes a hash over its data, as of the entries before it, and
 * tells the leader. Computed in the background from a snapshot of the engine.
 */
final class ComputeHash {
  private ComputeHash() {}

  /** The entry's index, or 0 if it could not be proposed. Store loop. */
  static long propose(RegionReplica replica) {
    RegionCommand command =
        RegionCommand.newBuilder()
            .setEpoch(replica.face().region().getRegionEpoch())
            .setComputeHash(
                ComputeHashCommand.newBuilder()
                    .setSafePoint(replica.context().collected().safePoint()))
            .build();
    return replica.driver().propose(EntryPayload.encode(command))
            instanceof Proposal.Accepted accepted
        ? accepted.index()
        : 0;
  }

  static void apply(
      ApplyRound round,
      RegionReplica replica,
      RegionApplier applier,
      RegionCommand command,
      long index) {
    if (applier.merge() != null
        || !MergePlan.sameEpoch(command.getEpoch(), applier.region().getRegionEpoch())) {
      return;
    }
    round.write(); // all entries before this one, and none after it
    EngineSnapshot data = round.engine().snapshot();
    KeyRange range = Regions.range(applier.region());
    long safePoint = command.getComputeHash().getSafePoint();
    replica.context().looks().execute(() -> compute(replica, data, range, safePoint, index));
  }

  private static void compute(
      RegionReplica replica, EngineSnapshot data, KeyRange range, long safePoint, long index) {
    Long hash = null;
    try (data) {
      // Collecting begins after its safe point is set: what is asked after the snapshot is enough.
      if (Long.compareUnsigned(replica.context().collected().safePoint(), safePoint) <= 0) {
        hash = RegionHash.of(data, range, safePoint);
      }
    } catch (EngineException unreadable) {
      replica.execute(() -> replica.store().onBroken(replica, unreadable));
      return;
    }
    Extra.Hash found = new Extra.Hash(index, hash);
    replica.execute(() -> tell(replica, found));
  }

  private static void tell(RegionReplica replica, Extra.Hash found) {
    RegionFace face = replica.face();
    Peer leader = face.leader();
    if (face.leads()) {
      replica.hashCheck().onHash(face.peer().getId(), found);
    } else if (leader != null && !replica.isDestroyed()) {
      replica
          .context()
          .transport()
          .send(
              new Envelope(
                      replica.regionId(), face.peer(), leader, face.region().getRegionEpoch(), null)
                  .with(found));
    }
  }
}
