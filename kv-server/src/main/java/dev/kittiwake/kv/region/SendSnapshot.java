package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.OutgoingSnapshot;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.ReplicaPhase;
import dev.kittiwake.proto.store.SnapshotHeader;
import dev.kittiwake.raft.InstallSnapshot;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.SnapshotDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Giving a lagging peer the region as it is: raft asks for a snapshot, an engine snapshot is taken
 * at once (position and region are read from it, so they fit the data), and when raft announces it
 * to the peer, the pairs are streamed.
 *
 * <p>An instance serves one replica; confined to its loop.
 */
final class SendSnapshot {
  private final RegionReplica replica;
  private final int lifeTicks;
  private final Map<Long, Prepared> prepared = new LinkedHashMap<>(); // by snapshot id

  private record Prepared(SnapshotDescriptor descriptor, EngineSnapshot data, long deadlineTick) {}

  SendSnapshot(RegionReplica replica, int lifeTicks) {
    this.replica = replica;
    this.lifeTicks = lifeTicks;
  }

  /** A snapshot of the applied state, or empty if as many as allowed are being sent. */
  Optional<SnapshotDescriptor> prepare() {
    StoreContext context = replica.context();
    if (!context.mayPrepareSnapshot(prepared.size())
        || context.quarantine().holds(replica.regionId())) {
      return Optional.empty();
    }
    EngineSnapshot data = context.engine().snapshot();
    RegionState state = RegionRecords.state(data, replica.regionId());
    LogPosition position = RegionRecords.applied(data, replica.regionId());
    // While a region is being merged every member has enough of the log, so that none needs one.
    boolean merging = state != null && state.getPhase() == ReplicaPhase.MERGING;
    if (state == null || merging || position.index() < replica.log().start().index()) {
      data.close();
      return Optional.empty();
    }
    long id = context.nextSnapshotId();
    SnapshotHeader header =
        SnapshotHeader.newBuilder()
            .setFormat(RegionRecords.FORMAT)
            .setRegion(state.getRegion())
            .setSnapshotId(id)
            .setSafePoint(context.collected().safePoint()) // asked after the data was taken
            .build();
    SnapshotDescriptor descriptor =
        new SnapshotDescriptor(position, RegionRecords.membership(state), header.toByteArray());
    prepared.put(id, new Prepared(descriptor, data, replica.ticks() + lifeTicks));
    return Optional.of(descriptor);
  }

  /** Streams the snapshot that {@code envelope} announces. */
  void send(Envelope envelope) {
    InstallSnapshot message = (InstallSnapshot) envelope.message();
    SnapshotHeader header = ReceiveSnapshot.header(message.snapshot());
    Prepared snapshot = prepared.remove(header.getSnapshotId());
    long peer = envelope.to().getId();
    if (snapshot == null) {
      replica.execute(() -> replica.driver().snapshotSent(peer, false));
      return;
    }
    KeyRange range = Regions.range(header.getRegion());
    StoreContext context = replica.context();
    context.snapshotSendStarted();
    context
        .transport()
        .sendSnapshot(
            new OutgoingSnapshot(
                envelope, snapshot.data(), EngineKeys.dataStart(range), EngineKeys.dataEnd(range)),
            ok -> {
              context.snapshotSendEnded();
              replica.execute(() -> replica.driver().snapshotSent(peer, ok));
            });
  }

  /** Nothing is kept for anybody. */
  boolean isIdle() {
    return prepared.isEmpty();
  }

  /** Drops what nobody fetched. */
  void onTick(long tick) {
    prepared
        .values()
        .removeIf(
            snapshot -> {
              boolean old = snapshot.deadlineTick() <= tick;
              if (old) {
                snapshot.data().close();
              }
              return old;
            });
  }

  void close() {
    prepared.values().forEach(snapshot -> snapshot.data().close());
    prepared.clear();
  }
}
