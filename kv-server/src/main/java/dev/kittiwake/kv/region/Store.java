package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.StagedRange;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.Extra;
import dev.kittiwake.kv.transport.RaftInbox;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.ReplicaPhase;
import dev.kittiwake.raft.Append;
import dev.kittiwake.raft.Heartbeat;
import dev.kittiwake.raft.InstallSnapshot;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Vote;
import dev.kittiwake.raft.driver.LogStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
  private final Resolving resolving;
  private final Replicas replicas = new Replicas();
  private final LogCuts logCuts;
  private final Vigil vigil;
  private volatile boolean stopped;

  public Store(StoreParts parts) {
    this.parts = parts;
    this.loop = new StoreLoop(parts.loop(), this::endOfRound, this::onLoopFailure);
    ApplyLoop applyLoop =
        new ApplyLoop(parts.engine(), parts.apply(), parts.nanos(), parts.fatal());
    this.context = new StoreContext(parts, loop, applyLoop, replicas::neighbourhood);
    RegionGuard guard =
        new RegionGuard(
            parts.clusterId(),
            parts.storeId(),
            replicas,
            context.quarantine()::holds,
            replicas::neighbourhood);
    this.resolving = new Resolving(context, replicas);
    this.access = new StoreAccess(context, guard, replicas, resolving);
    this.logCuts =
        new LogCuts(
            context,
            failure -> {
              if (!stopped) {
                parts.fatal().accept(failure);
              }
            });
    this.inbox = new StoreInbox(context, this);
    this.vigil = new Vigil(parts.storeId(), parts.settings(), parts.transport(), parts.nanos());
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
            replicas.allKnown();
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
      replicas.bury(state);
      if (parts.wal().groups().contains(region.getId())) {
        endLog(region.getId(), parts.wal().group(region.getId())); // a crash came before this
      }
      return;
    }
    LogPosition applied = RegionRecords.applied(snapshot, region.getId());
    RegionReplica replica =
        new RegionReplica(this, context, state, applied, parts.wal().group(region.getId()));
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
            replicas.awake().forEach(r -> r.runAsleep(r::onTick));
            vigil.onTick();
          }
        });
  }

  /** The replica is to be left alone. */
  void onResting(RegionReplica replica) {
    replicas.rests(replica);
    vigil.add(replica);
  }

  /** The replica rests no longer; answers for how long its leader's store has been silent. */
  int onAwake(RegionReplica replica) {
    int silentTicks = vigil.remove(replica);
    replicas.awake(replica);
    return silentTicks;
  }

  /** Tells the placement driver about every region that is led here. */
  public void reportRegions() {
    loop.execute(
        () -> {
          if (!stopped) {
            replicas.all().forEach(r -> r.runAsleep(r::report));
          }
        });
  }

  /** Carries out a step of the placement driver, if it still fits. */
  public void onPlacementStep(RegionHeartbeatResponse step) {
    loop.execute(
        () -> {
          RegionReplica replica = replicas.find(step.getRegionId());
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
    loop.execute(() -> left.complete(TransferLeader.startAll(replicas.all())));
    return left;
  }

  /** Stops all replicas; requests under way are answered. Completes when nothing runs any more. */
  public CompletableFuture<Void> stop() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          closeAll();
          // After everything that has been handed to the apply thread.
          context.applyLoop().add(ApplyLoop.ending(done));
        });
    return done;
  }

  /**
   * Disk or data failed: leases end now, replicas as soon as the loop gets there, and nothing is
   * begun any more. {@link #stop} is still to be called.
   */
  public void halt() {
    context.halt();
    loop.execute(this::closeAll);
  }

  private void closeAll() {
    stopped = true;
    loop.stop();
    for (RegionReplica replica : replicas.all()) {
      replica.close(RegionErrors.regionNotFound(replica.regionId()));
    }
    replicas.clear();
  }

  /** The replica of that region, or null. From any thread. */
  RegionReplica find(long regionId) {
    return replicas.find(regionId);
  }

  /** All replicas, by region id. */
  List<RegionReplica> all() {
    return replicas.all();
  }

  /** The replica that was here and is gone, or null. */
  RegionState tombstone(long regionId) {
    return replicas.tombstone(regionId);
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
    forget(replica);
    replica.close(RegionErrors.regionNotFound(replica.regionId()));
  }

  private void forget(RegionReplica replica) {
    vigil.remove(replica);
    replicas.remove(replica);
  }

  private void add(RegionReplica replica) {
    replicas.add(replica);
    replica.markDirty();
  }

  // ---- messages and snapshots from other stores ----

  void onEnvelope(Envelope envelope) {
    // Others can connect before the replicas are back: they would seem not to exist, and be made
    // anew.
    if (stopped || !replicas.areAllKnown() || envelope.to().getStoreId() != parts.storeId()) {
      return;
    }
    vigil.onHeard(envelope.from().getStoreId());
    if (envelope.isSignOfLife()) {
      return;
    }
    if (envelope.extra() instanceof Extra.Promises promises) {
      resolving.learn(promises);
      return;
    }
    if (context.writeGate().isCritical()
        && envelope.message() instanceof Append append
        && !append.entries().isEmpty()) {
      return; // the disk is full: others make up the quorum, and this store catches up later
    }
    RegionReplica replica = findOrCreate(envelope);
    if (replica != null) {
      replica.rest().receive(envelope);
    }
  }

  /** The regions that were led there may need another leader. */
  void onConnectionLost(long storeId) {
    if (stopped) {
      return;
    }
    vigil.onConnectionLost(storeId);
    for (RegionReplica replica : replicas.awake()) {
      Peer leader = replica.face().leader();
      if (leader != null && leader.getStoreId() == storeId) {
        replica.run(() -> replica.driver().suspectLeader(leader.getId()));
      }
    }
  }

  /** The replica that is meant, made if raft may talk to it for the first time; else null. */
  private RegionReplica findOrCreate(Envelope envelope) {
    long regionId = envelope.regionId();
    RegionReplica replica = replicas.find(regionId);
    if (replica != null) {
      long mine = replica.face().peer().getId();
      if (mine < envelope.to().getId()) {
        destroy(replica); // an older peer of ours; the newer one is made by a later message
        return null;
      }
      return mine == envelope.to().getId() ? replica : null;
    }
    RegionState tombstone = replicas.tombstone(regionId);
    boolean lateMessage = tombstone != null && tombstone.getPeer().getId() >= envelope.to().getId();
    boolean mayCreate =
        envelope.message() instanceof Append
            || envelope.message() instanceof Heartbeat
            || envelope.message() instanceof Vote
            || envelope.message() instanceof InstallSnapshot;
    if (lateMessage || !mayCreate || replicas.isEnding(regionId)) {
      return null;
    }
    if (tombstone == null && parts.wal().group(regionId).start().index() > 0) {
      // The log knows a replica that the engine lost with the power. The split that made it is
      // still
      // to be applied again; an empty replica in its place would forget what it acknowledged.
      return null;
    }
    return create(regionId, RegionRecords.newcomer(envelope));
  }

  private RegionReplica create(long regionId, RegionState state) {
    RegionReplica replica =
        new RegionReplica(this, context, state, LogPosition.ZERO, parts.wal().group(regionId));
    context.applyLoop().add(round -> RegionRecords.putNewcomer(round, state));
    add(replica);
    return replica;
  }

  void onSnapshotArrived(Envelope announcement, StagedRange staged) {
    Region incoming =
        ReceiveSnapshot.header(((InstallSnapshot) announcement.message()).snapshot()).getRegion();
    RegionReplica replica = stopped || !replicas.areAllKnown() ? null : findOrCreate(announcement);
    if (replica == null || replica.isGivenAway()) {
      context.background().execute(staged::discard);
      return;
    }
    List<RegionReplica> overlapping = replicas.overlapping(incoming);
    if (!overlapping.stream().allMatch(other -> MergedAway.canEndWith(other, incoming))) {
      // A region here has yet to be split, or has ended without knowing; the leader sends again.
      overlapping.forEach(other -> MergedAway.findOut(other, incoming));
      context.background().execute(staged::discard);
      return;
    }
    replica.run(() -> replica.onSnapshotArrived(announcement, staged, overlapping));
  }

  /** The regions of these replicas have ended; a snapshot has taken the place of their data. */
  void onSwallowed(List<RegionReplica> ended) {
    for (RegionReplica replica : ended) {
      endWithoutData(
          replica,
          Destroy.tombstone(replica.face()),
          RegionErrors.undetermined("the region was merged into another"));
    }
  }

  // ---- aftermath of operations ----

  void onRangeChanged(RegionReplica replica, Region before) {
    replicas.rangeChanged(replica, before);
  }

  void onSplit(
      RegionReplica parent, Region before, SplitPlan plan, List<Region> children, boolean led) {
    onRangeChanged(parent, before);
    for (Region child : children) {
      RegionReplica early = replicas.find(child.getId());
      LogStore log = early == null ? parts.wal().group(child.getId()) : early.log();
      if (early != null) { // it voted already; its log remembers that
        forget(early);
        early.close(RegionErrors.regionNotFound(child.getId()));
      }
      RegionReplica replica =
          new RegionReplica(
              this,
              context,
              RegionRecords.fresh(child, Regions.peerOnStore(child, parts.storeId())),
              RegionRecords.INITIAL,
              log);
      add(replica);
      replica.run(() -> replica.inherit(parent, led));
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
      RegionReplica replica = replicas.find(piece.getId());
      if (replica != null) {
        after.add(replica.face().view());
      }
    }
    context.listeners().forEach(l -> l.onSplit(before, after, led));
  }

  /** The replica of the source has ended; what it held belongs to the target. */
  void onMerged(RegionReplica target, Region before, RegionReplica source, RegionState tombstone) {
    LOG.info(
        "store={} region={} has taken in region {}, epoch={}",
        parts.storeId(),
        target.regionId(),
        source.regionId(),
        Regions.describe(target.face().region().getRegionEpoch()));
    forget(source);
    if (!target.isDestroyed()) {
      onRangeChanged(target, before);
    }
    // Whatever was proposed to the source after it was prepared has had no effect.
    endWithoutData(
        source,
        tombstone,
        RegionErrors.epochNotMatch(
            "the region was merged into region " + target.regionId(),
            List.of(target.face().region())));
  }

  /** The replica ends; its tombstone is durable, and its data belongs to another now. */
  private void endWithoutData(RegionReplica replica, RegionState tombstone, Error unanswered) {
    forget(replica);
    replicas.bury(tombstone);
    resolving.onDestroyed(replica.regionId());
    context.quarantine().release(replica.regionId());
    replica.close(RegionErrors.regionNotFound(replica.regionId()), unanswered);
    endLog(replica.regionId(), replica.log());
    context.listeners().forEach(l -> l.onDestroyed(replica.regionId()));
  }

  /**
   * Takes the replica and its data off this store. Not if its data is to make room for a snapshot
   * that is on its way: it ends with that, or whoever wanted it gone will want so again.
   */
  void destroy(RegionReplica replica) {
    if (replica.isDestroyed() || replica.isGivenAway()) {
      return;
    }
    long regionId = replica.regionId();
    LOG.info(
        "store={} region={} peer={} destroyed",
        parts.storeId(),
        regionId,
        replica.face().peer().getId());
    RegionState tombstone = Destroy.tombstone(replica.face());
    forget(replica);
    replica.close(RegionErrors.regionNotFound(regionId));
    replicas.bury(tombstone);
    resolving.onDestroyed(regionId);
    context.quarantine().release(regionId);
    replicas.ending(regionId);
    context
        .applyLoop()
        .add(
            Destroy.task(
                replica.applier(),
                tombstone,
                () -> loop.execute(() -> endLog(regionId, replica.log()))));
    context.listeners().forEach(l -> l.onDestroyed(regionId));
  }

  /** Nothing takes the replica's place before that is certain: a power cut would bring its log. */
  private void endLog(long regionId, LogStore log) {
    replicas.ending(regionId);
    log.destroy(() -> loop.execute(() -> replicas.ended(regionId)));
  }

  /** Cuts the replica's log once the engine is durable. */
  void compactAfterSync(RegionReplica replica, long index) {
    logCuts.afterSync(replica, index);
  }
}
