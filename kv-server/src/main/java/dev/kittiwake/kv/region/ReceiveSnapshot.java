package dev.kittiwake.kv.region;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.StagedRange;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.ReplicaPhase;
import dev.kittiwake.proto.store.SnapshotHeader;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.SnapshotDescriptor;
import java.util.List;

/**
 * Becoming a snapshot. Replicas whose regions have become part of this one, and which missed that,
 * end with it. The pairs lie sealed in a staging area when raft decides; then, on the apply thread:
 * note durably that the installation has begun and where the pairs are, replace the data, note that
 * it is done. A crash at any point resumes at the next start.
 */
final class ReceiveSnapshot {
  private ReceiveSnapshot() {}

  static SnapshotHeader header(SnapshotDescriptor descriptor) {
    try {
      SnapshotHeader header = SnapshotHeader.parseFrom(descriptor.data());
      if (header.getFormat() != RegionRecords.FORMAT) {
        throw new IllegalStateException(
            "a snapshot has format " + header.getFormat() + ": was it sent by a newer version?");
      }
      return header;
    } catch (InvalidProtocolBufferException broken) {
      throw new IllegalStateException("a snapshot's header cannot be read", broken);
    }
  }

  /** The apply task that installs {@code staged}. */
  static ApplyLoop.Task task(
      RegionReplica replica,
      SnapshotDescriptor descriptor,
      StagedRange staged,
      List<RegionReplica> swallowed) {
    RegionApplier applier = replica.applier();
    List<Region> asDecided = swallowed.stream().map(other -> other.face().region()).toList();
    StoreContext context = replica.context();
    context.installBegins();
    return round -> {
      context.installEnds();
      round.write(); // earlier entries of any region go first
      Engine engine = round.engine();
      SnapshotHeader header = header(descriptor);
      Region region = header.getRegion();
      if (!isStillSo(applier, swallowed, asDecided)) {
        staged.discard();
        replica.execute(() -> replica.onSnapshotRefused(descriptor, swallowed));
        return;
      }
      context.collected().upTo(header.getSafePoint()); // the sender had deleted what is not in it
      Peer mine = Regions.peer(region, applier.peer().getId());
      Peer peer = mine == null ? applier.peer() : mine;
      RegionState state = installing(region, peer, descriptor, staged.name());
      Region before = applier.region();
      context
          .dataTurns()
          .replace(
              () -> {
                begin(engine, before, state, swallowed);
                complete(engine, state, staged);
              });
      applier.become(region, descriptor.membership(), descriptor.position());
      staged.discard();
      replica.execute(() -> replica.onSnapshotInstalled(descriptor, swallowed));
    };
  }

  /**
   * What they had still to apply may have split those who are to end: then not all that is here was
   * regarded. And whoever has lost its data to another has nothing that could be replaced.
   */
  private static boolean isStillSo(
      RegionApplier applier, List<RegionReplica> swallowed, List<Region> asDecided) {
    return !applier.isHandedOver()
        && swallowed.stream().noneMatch(other -> other.applier().isHandedOver())
        && swallowed.stream().map(other -> other.applier().region()).toList().equals(asDecided);
  }

  private static RegionState installing(
      Region region, Peer peer, SnapshotDescriptor descriptor, String staged) {
    return RegionRecords.normal(region, peer, descriptor.membership()).toBuilder()
        .setPhase(ReplicaPhase.INSTALLING)
        .setStaged(staged)
        .setSnapshotIndex(descriptor.position().index())
        .setSnapshotTerm(descriptor.position().term())
        .build();
  }

  private static void begin(
      Engine engine, Region before, RegionState state, List<RegionReplica> swallowed) {
    WriteBatch batch = new WriteBatch();
    RegionRecords.put(batch, state);
    for (RegionReplica other : swallowed) {
      // With the same batch: after a crash the snapshot is installed, and these are gone.
      other.applier().handOver(RegionErrors.undetermined("the region was merged into another"));
      RegionRecords.put(batch, Destroy.tombstone(other.applier()));
      batch.delete(Family.RAFT, EngineKeys.applied(other.regionId()));
      deleteData(batch, other.applier().region());
    }
    if (Regions.isInitialized(before)) {
      deleteData(batch, before);
    }
    engine.write(batch);
    engine.syncLog();
  }

  /** It may hold more than the snapshot does: that belongs to regions yet to come. */
  private static void deleteData(WriteBatch batch, Region region) {
    KeyRange range = Regions.range(region);
    for (Family family : Family.OF_DATA) {
      batch.deleteRange(family, EngineKeys.dataStart(range), EngineKeys.dataEnd(range));
    }
  }

  private static void complete(Engine engine, RegionState state, StagedRange staged) {
    KeyRange range = Regions.range(state.getRegion());
    engine.ingest(staged, EngineKeys.dataStart(range), EngineKeys.dataEnd(range));
    WriteBatch batch = new WriteBatch();
    RegionRecords.put(
        batch,
        RegionRecords.normal(state.getRegion(), state.getPeer(), RegionRecords.membership(state))
            .toBuilder()
            .setBaseEpoch(state.getRegion().getRegionEpoch())
            .build());
    RegionRecords.putApplied(
        batch,
        state.getRegion().getId(),
        new LogPosition(state.getSnapshotIndex(), state.getSnapshotTerm()));
    engine.write(batch);
    engine.syncLog();
  }

  /** Finishes an installation that a crash interrupted. At start-up. */
  static void resume(Engine engine, RegionState state) {
    StagedRange staged =
        engine
            .staged(state.getStaged())
            .orElseThrow(
                () ->
                    new EngineException(
                        "the snapshot "
                            + state.getStaged()
                            + " of region "
                            + state.getRegion().getId()
                            + " was being installed, but its files are gone"));
    complete(engine, state, staged);
    staged.discard();
  }
}
