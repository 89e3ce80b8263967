package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.StagedRange;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.RaftInbox;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.ReplicaPhase;
import dev.kittiwake.raft.Append;
import dev.kittiwake.raft.Heartbeat;
import dev.kittiwake.raft.InstallSnapshot;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.Vote;
import dev.kittiwake.raft.driver.LogStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All replicas of one node, and the loop that runs them: a round takes everything that has arrived,
 * then carries out, for each replica touched, what it caused, once.
 *
 * <p>Thread-safe where public; everything else belongs to the loop.
 */
public final class Store {
  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  private final StoreParts parts;
  private final StoreContext context;
  private final StoreLoop loop;
  private final StoreAccess access;
  private final StoreInbox inbox;
  private final Map<Long, RegionReplica> replicas =
      new ConcurrentHashMap<>(); // written by the loop
  private final ConcurrentSkipListMap<Key, RegionReplica> byStart = new ConcurrentSkipListMap<>();
  private final TreeMap<Long, RegionReplica> inOrder = new TreeMap<>(); // loop only
  private final Map<Long, RegionState> tombstones = new LinkedHashMap<>(); // loop only
  private final Set<Long> destroying = new HashSet<>(); // loop only; logs not yet thrown away
  private final Map<RegionReplica, Long> compactions = new LinkedHashMap<>(); // loop only
  private boolean syncing; // loop only; a sync of the engine is under way
  private volatile boolean stopped;

  public Store(StoreParts parts) {
    this.parts = parts;
    this.loop = new StoreLoop(parts.loop(), this::endOfRound, this::onLoopFailure);
    ApplyLoop applyLoop = new ApplyLoop(parts.engine(), parts.apply(), parts.fatal());
    this.context = new StoreContext(parts, loop, applyLoop, this::currentRegions);
    RegionGuard guard =
        new RegionGuard(parts.clusterId(), parts.storeId(), this::face, this::currentRegions);
    this.access = new StoreAccess(context, guard, replicas, byStart);
    this.inbox = new StoreInbox(context, this);
  }

  /**
   * Brings back the replicas found in engine and log. To be called once, before anything else.
   *
   * @throws dev.kittiwake.kv.engine.EngineException if the data cannot be read
   */
  public void start() {
    Engine engine = parts.engine();
    List<RegionState> states;
    try (EngineSnapshot snapshot = engine.snapshot()) {
      states = RegionRecords.all(snapshot);
    }
    for (RegionState state : states) {
      if (state.getPhase() == ReplicaPhase.INSTALLING) {
        ReceiveSnapshot.resume(engine, state);
      }
    }
    engine.discardStaged(Set.of()); // what is left was never announced to raft
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          try (EngineSnapshot snapshot = engine.snapshot()) {
            RegionRecords.all(snapshot).forEach(state -> restore(snapshot, state));
            done.complete(null);
          } catch (RuntimeException failure) {
            done.completeExceptionally(failure);
          }
        });
    done.whenComplete(
        (nothing, failure) -> {
          if (failure != null) {
            parts.fatal().accept(failure);
          }
        });
  }

  private void restore(EngineSnapshot snapshot, RegionState state) {
    Region region = state.getRegion();
    if (state.getPhase() == ReplicaPhase.TOMBSTONE) {
      tombstones.put(region.getId(), state);
      if (parts.wal().groups().contains(region.getId())) {
        parts.wal().group(region.getId()).destroy(); // a crash came between tombstone and this
      }
      return;
    }
    LogPosition applied = RegionRecords.applied(snapshot, region.getId());
    RegionReplica replica =
        new RegionReplica(
            this,
            context,
            region,
            state.getPeer(),
            RegionRecords.membership(state),
            applied,
            parts.wal().group(region.getId()));
    add(replica);
    if (region.getPeersCount() == 1) {
      replica.run(() -> replica.driver().campaign()); // nobody else could lead: no need to wait
    }
  }

  /** The door for requests. */
  public RegionAccess access() {
    return access;
  }

  /** The door for other stores. */
  public RaftInbox inbox() {
    return inbox;
  }

  /** One unit of the store's logical time has passed. */
  public void tick() {
    loop.execute(
        () -> {
          if (!stopped) {
            new ArrayList<>(inOrder.values()).forEach(r -> r.run(r::onTick));
          }
        });
  }

  /** Tells the placement driver about every region that is led here. */
  public void reportRegions() {
    loop.execute(
        () -> {
          if (!stopped) {
            new ArrayList<>(inOrder.values()).forEach(r -> r.run(r::report));
          }
        });
  }

  /** Carries out a step of the placement driver, if it still fits. */
  public void onPlacementStep(RegionHeartbeatResponse step) {
    loop.execute(
        () -> {
          RegionReplica replica = replicas.get(step.getRegionId());
          if (replica != null && !stopped) {
            replica.run(() -> PlacementStep.carryOut(replica, step));
          }
        });
  }

  /**
   * Hands over every leadership that another store can take. Answers how many this store still has;
   * to be asked again until it is none, or patience ends.
   */
  public CompletableFuture<Integer> handOverLeaders() {
    CompletableFuture<Integer> left = new CompletableFuture<>();
    loop.execute(
        () -> {
          int remaining = 0;
          for (RegionReplica replica : new ArrayList<>(inOrder.values())) {
            if (replica.face().leads() && replica.face().region().getPeersCount() > 1) {
              remaining++;
              replica.run(
                  () -> {
                    if (replica.driver().status().transferee() == 0) {
                      TransferLeader.startToBest(replica);
                    }
                  });
            }
          }
          left.complete(remaining);
        });
    return left;
  }

  /** Stops all replicas; requests under way are answered. Completes when nothing runs any more. */
  public CompletableFuture<Void> stop() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          stopped = true;
          loop.stop();
          for (RegionReplica replica : new ArrayList<>(inOrder.values())) {
            replica.close(RegionErrors.regionNotFound(replica.regionId()));
          }
          replicas.clear();
          byStart.clear();
          inOrder.clear();
          // After everything that has been handed to the apply thread.
          context.applyLoop().add(new Ending(done));
        });
    return done;
  }

  /** How many snapshots are being sent and received. */
  public int snapshotsUnderWay() {
    return context.snapshotsBeingSent() + inbox.receiving();
  }

  // ---- the loop ----

  private boolean endOfRound() {
    for (int i = 0; i < parts.settings().regionsPerRound(); i++) {
      RegionReplica replica = context.nextDirty();
      if (replica == null) {
        parts.transport().flush();
        context.applyLoop().flush();
        return false;
      }
      try {
        replica.round();
      } catch (RuntimeException | AssertionError failure) {
        onBroken(replica, failure);
      }
    }
    parts.transport().flush();
    context.applyLoop().flush();
    return true;
  }

  private void onLoopFailure(Throwable failure) {
    LOG.error("store={} the store loop failed", parts.storeId(), failure);
    parts.fatal().accept(failure);
  }

  /** A replica met something that must not be: it stops, the others go on. */
  void onBroken(RegionReplica replica, Throwable failure) {
    if (stopped || replica.isDestroyed()) {
      return;
    }
    LOG.error("store={} region={} the replica stops", parts.storeId(), replica.regionId(), failure);
    remove(replica);
    replica.close(RegionErrors.regionNotFound(replica.regionId()));
  }

  private RegionFace face(long regionId) {
    RegionReplica replica = replicas.get(regionId);
    return replica == null ? null : replica.face();
  }

  private void add(RegionReplica replica) {
    replicas.put(replica.regionId(), replica);
    inOrder.put(replica.regionId(), replica);
    if (replica.face().initialized()) {
      byStart.put(Regions.range(replica.face().region()).start(), replica);
    }
    replica.markDirty();
  }

  private void remove(RegionReplica replica) {
    replicas.remove(replica.regionId(), replica);
    inOrder.remove(replica.regionId(), replica);
    byStart.values().removeIf(r -> r == replica);
  }

  // ---- messages and snapshots from other stores ----

  void onEnvelope(Envelope envelope) {
    if (stopped || envelope.to().getStoreId() != parts.storeId()) {
      return;
    }
    RegionReplica replica = findOrCreate(envelope);
    if (replica != null) {
      replica.run(() -> replica.onEnvelope(envelope));
    }
  }

  /** The replica that is meant, made if raft may talk to it for the first time; else null. */
  private RegionReplica findOrCreate(Envelope envelope) {
    long regionId = envelope.regionId();
    RegionReplica replica = replicas.get(regionId);
    if (replica != null) {
      long mine = replica.face().peer().getId();
      if (mine < envelope.to().getId()) {
        destroy(replica); // an older peer of ours; the newer one is made by a later message
        return null;
      }
      return mine == envelope.to().getId() ? replica : null;
    }
    RegionState tombstone = tombstones.get(regionId);
    boolean lateMessage = tombstone != null && tombstone.getPeer().getId() >= envelope.to().getId();
    boolean mayCreate =
        envelope.message() instanceof Append
            || envelope.message() instanceof Heartbeat
            || envelope.message() instanceof Vote
            || envelope.message() instanceof InstallSnapshot;
    if (lateMessage || !mayCreate || destroying.contains(regionId)) {
      return null;
    }
    return create(regionId, envelope.to());
  }

  /** A replica that knows nothing but its id: its first snapshot makes it real. */
  private RegionReplica create(long regionId, Peer peer) {
    Region empty = Region.newBuilder().setId(regionId).build();
    RegionReplica replica =
        new RegionReplica(
            this,
            context,
            empty,
            peer,
            Membership.NONE,
            LogPosition.ZERO,
            parts.wal().group(regionId));
    tombstones.remove(regionId);
    context
        .applyLoop()
        .add(
            round ->
                RegionRecords.put(
                    round.batch(), RegionRecords.normal(empty, peer, Membership.NONE)));
    add(replica);
    return replica;
  }

  void onSnapshotArrived(Envelope announcement, StagedRange staged) {
    Region incoming =
        ReceiveSnapshot.header(((InstallSnapshot) announcement.message()).snapshot()).getRegion();
    RegionReplica replica = stopped ? null : findOrCreate(announcement);
    if (replica == null || overlapsAnother(incoming)) {
      // Overlap: a region here has yet to be split; the leader will send again.
      context.background().execute(staged::discard);
      return;
    }
    replica.run(() -> replica.onSnapshotArrived(announcement, staged));
  }

  private boolean overlapsAnother(Region incoming) {
    KeyRange range = Regions.range(incoming);
    for (RegionReplica other : inOrder.values()) {
      if (other.regionId() == incoming.getId()) {
        continue;
      }
      Region known = other.installing() != null ? other.installing() : other.face().region();
      if (Regions.isInitialized(known) && Regions.range(known).overlaps(range)) {
        return true;
      }
    }
    return false;
  }

  // ---- aftermath of operations ----

  void onRangeChanged(RegionReplica replica, Region before) {
    if (Regions.isInitialized(before)) {
      byStart.remove(Regions.range(before).start(), replica);
    }
    byStart.put(Regions.range(replica.face().region()).start(), replica);
  }

  void onSplit(
      RegionReplica parent, Region before, SplitPlan plan, List<Region> children, boolean led) {
    onRangeChanged(parent, before);
    for (Region child : children) {
      RegionReplica early = replicas.get(child.getId());
      LogStore log = early == null ? parts.wal().group(child.getId()) : early.log();
      if (early != null) { // it voted already; its log remembers that
        remove(early);
        early.close(RegionErrors.regionNotFound(child.getId()));
      }
      RegionReplica replica =
          new RegionReplica(
              this,
              context,
              child,
              Regions.peerOnStore(child, parts.storeId()),
              RegionRecords.membership(child),
              RegionRecords.INITIAL,
              log);
      tombstones.remove(child.getId());
      add(replica);
      if (led) {
        replica.run(() -> replica.driver().campaign());
      }
    }
    LOG.info(
        "store={} region={} split into {} regions, epoch={}",
        parts.storeId(),
        before.getId(),
        plan.pieces().size(),
        Regions.describe(plan.derived().getRegionEpoch()));
  }

  void tellSplit(RegionView before, SplitPlan plan, boolean led) {
    List<RegionView> after = new ArrayList<>();
    for (Region piece : plan.pieces()) {
      RegionReplica replica = replicas.get(piece.getId());
      if (replica != null) {
        after.add(replica.face().view());
      }
    }
    context.listeners().forEach(l -> l.onSplit(before, after, led));
  }

  /** Takes the replica and its data off this store. */
  void destroy(RegionReplica replica) {
    if (replica.isDestroyed()) {
      return;
    }
    long regionId = replica.regionId();
    LOG.info(
        "store={} region={} peer={} destroyed",
        parts.storeId(),
        regionId,
        replica.face().peer().getId());
    RegionState tombstone = Destroy.tombstone(replica.face());
    remove(replica);
    replica.close(RegionErrors.regionNotFound(regionId));
    tombstones.put(regionId, tombstone);
    destroying.add(regionId);
    context
        .applyLoop()
        .add(
            Destroy.task(
                replica.applier(),
                tombstone,
                () ->
                    loop.execute(
                        () -> {
                          replica.log().destroy();
                          destroying.remove(regionId);
                        })));
    context.listeners().forEach(l -> l.onDestroyed(regionId));
  }

  /** Cuts the replica's log once the engine is durable; one sync serves all that wait. */
  void compactAfterSync(RegionReplica replica, long index) {
    compactions.merge(replica, index, Math::max);
    if (!syncing) {
      startSync();
    }
  }

  private void startSync() {
    syncing = true;
    Map<RegionReplica, Long> batch = new LinkedHashMap<>(compactions);
    compactions.clear();
    parts
        .background()
        .execute(
            () -> {
              try {
                parts.engine().syncLog();
              } catch (RuntimeException failure) {
                if (!stopped) {
                  parts.fatal().accept(failure);
                }
                return;
              }
              loop.execute(
                  () -> {
                    syncing = false;
                    batch.forEach((r, index) -> r.run(() -> r.compact(index)));
                    if (!compactions.isEmpty()) {
                      startSync();
                    }
                  });
            });
  }

  /**
   * What a client with another epoch should know: the region itself, and those that were split off
   * from it, which lie to its left.
   */
  private List<Region> currentRegions(RegionFace face) {
    List<Region> regions = new ArrayList<>();
    regions.add(face.region());
    Key start = Regions.range(face.region()).start();
    for (int i = 0; i < 10 && !start.isEmpty(); i++) {
      Map.Entry<Key, RegionReplica> left = byStart.lowerEntry(start);
      if (left == null) {
        break;
      }
      Region neighbour = left.getValue().face().region();
      if (!Regions.key(neighbour.getEndKey()).equals(start)) {
        break;
      }
      regions.add(neighbour);
      start = left.getKey();
    }
    return regions;
  }

  /** The last task of the apply thread. */
  private record Ending(CompletableFuture<Void> done) implements ApplyLoop.Task {
    @Override
    public void run(ApplyRound round) {
      round.afterwards(() -> done.complete(null));
    }

    @Override
    public void abandon() {
      done.complete(null);
    }
  }
}
