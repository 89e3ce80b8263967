package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.StagedRange;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.Extra;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.kvrpcpb.ReadIndexRequest;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.InstallSnapshot;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.SnapshotDescriptor;
import dev.kittiwake.raft.Status;
import dev.kittiwake.raft.Vote;
import dev.kittiwake.raft.driver.LogStore;
import dev.kittiwake.raft.driver.Outbox;
import dev.kittiwake.raft.driver.RaftDriver;
import dev.kittiwake.raft.driver.Restored;
import dev.kittiwake.raft.driver.StateMachine;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * One replica of one region. It routes: what comes in goes to raft or to the operation that knows
 * what to do, what raft decides goes to log, transport and apply loop. Confined to the store loop
 * but for {@link #face} and {@link #lease}.
 */
final class RegionReplica implements StateMachine, Outbox {
  private final StoreContext context;
  private final Store store;
  private final long regionId;
  private final LogStore log;
  private final RegionApplier applier;
  private final Restored restored;
  private final RaftDriver driver;
  private final LeaderLease lease;
  private final Write writes;
  private final ReadIndex reads;
  private final SendSnapshot sends;
  private final CompactLog compaction;
  private final PeerWatch watch;
  private final RegionSize size = new RegionSize();
  private final RegionLoad load = new RegionLoad();
  private final SplitCheck splitCheck;
  private final Merging merge;
  private final Proposals proposals = new Proposals();
  private final Correspondents correspondents = new Correspondents();
  private final StepDown stepDown = new StepDown();
  private final HashCheck hashCheck;
  private final Rest rest;
  private volatile RegionFace face;

  private LogPosition applied; // as reported by the apply thread
  private StagedRange received; // the pairs of the snapshot that raft is just being told of
  private List<RegionReplica> swallowed = List.of(); // whose data that snapshot contains
  private Region installing; // what a snapshot under installation will make of the region
  private boolean givenAway; // a snapshot of another region, on its way, takes this one's place
  private long ticks;
  private boolean serving; // leads and has applied an entry of its own term
  private boolean heir; // split off from a region that was led here, and not yet led by anyone
  private boolean dirty;
  private boolean destroyed;

  RegionReplica(
      Store store, StoreContext context, RegionState state, LogPosition applied, LogStore log) {
    Region region = state.getRegion();
    Peer peer = state.getPeer();
    this.store = store;
    this.context = context;
    this.regionId = region.getId();
    this.log = log;
    this.applied = applied;
    this.restored = new Restored(applied, RegionRecords.membership(state));
    this.applier = new RegionApplier(state, applied, size, this::execute);
    StoreSettings settings = context.settings();
    this.lease = new LeaderLease(settings.leaseNanos());
    this.writes = new Write(this, settings.maxEntryBytes(), settings.maxBatchBytes());
    this.reads = new ReadIndex(this, settings.answerTicks());
    this.sends = new SendSnapshot(this, settings.snapshotLifeTicks());
    this.compaction = new CompactLog(settings.compaction());
    this.watch = new PeerWatch(settings);
    this.splitCheck = new SplitCheck(this, settings.split());
    this.merge = new Merging(this, applier.merge());
    this.rest = new Rest(this, settings.restAfterTicks());
    this.face = RegionFace.of(region, peer, 0, null, false, state.hasMerge(), state.getBaseEpoch());
    this.hashCheck = new HashCheck(this, applier.damaged());
    this.driver =
        new RaftDriver(settings.raft(peer.getId()), log, this, this, context.loopContext(this));
    showFace(region, driver.leader(), false);
  }

  // ---- what comes in ----

  /** Runs a task of this replica on the loop; what it causes is carried out in the same round. */
  void execute(Runnable task) {
    context.loop().execute(() -> run(task));
  }

  /** Like {@link #execute}, on the loop already. */
  void run(Runnable task) {
    int missed = rest.wake();
    if (missed > 0) {
      runAsleep(() -> countMissed(missed));
    }
    runAsleep(task);
  }

  /** No more than fits into an election timeout: others may have been woken a moment ago. */
  private void countMissed(int missed) {
    for (int i = 0; i < Math.min(missed, context.settings().electionTicks()); i++) {
      driver.tick();
    }
  }

  /** Like {@link #run}, but a replica that rests goes on resting. */
  void runAsleep(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | AssertionError failure) {
      store.onBroken(this, failure);
    }
    markDirty();
  }

  void markDirty() {
    if (!dirty && !destroyed) {
      dirty = true;
      context.markDirty(this);
    }
  }

  /** Carries out everything that this round's tasks caused. */
  void round() {
    dirty = false;
    if (!destroyed) {
      writes.propose();
      reads.ask();
      driver.pump();
    }
  }

  void onTick() {
    ticks++;
    driver.tick();
    compaction.onTick(this);
    reads.onTick(ticks);
    sends.onTick(ticks);
    watch.onTick(this);
    splitCheck.onTick();
    merge.onTick();
    proposals.onTick(ticks, face.leads() ? face.term() : -1, regionId);
    stepDown.onTick(this);
    hashCheck.onTick();
    rest.onTick();
  }

  void onEnvelope(Envelope envelope) {
    if (envelope.saysRemoved()) {
      boolean forThisPeer = envelope.to().getId() == face.peer().getId();
      if (forThisPeer && (isSupersededAt(envelope.epoch()) || !face.initialized())) {
        store.destroy(this);
      }
      return;
    }
    if (envelope.extra() instanceof Extra.Hash hash) {
      hashCheck.onHash(envelope.from().getId(), hash);
      return;
    }
    if (envelope.failedMerge() != 0) {
      merge.onFailed(envelope.failedMerge());
      return;
    }
    if (Correspondents.isFormerMember(face.region(), envelope)) {
      if (envelope.message() instanceof Vote) {
        context
            .transport()
            .send(
                Envelope.removed(
                    regionId, face.peer(), envelope.from(), face.region().getRegionEpoch()));
      }
      return;
    }
    correspondents.remember(face.region(), envelope.from());
    watch.onMessage(envelope.message());
    if (!(envelope.message() instanceof InstallSnapshot) && reads.admits(envelope)) {
      driver.step(envelope.message());
    }
  }

  /** All pairs of the announced snapshot have arrived. */
  void onSnapshotArrived(
      Envelope announcement, StagedRange staged, List<RegionReplica> overlapping) {
    correspondents.remember(face.region(), announcement.from());
    received = staged;
    swallowed = overlapping;
    driver.step(announcement.message());
    driver.pump();
    if (received != null) { // raft had no use for it
      StagedRange unused = received;
      received = null;
      context.background().execute(unused::discard);
    }
  }

  void write(RegionView view, RegionWrite write, CompletableFuture<Error> answer) {
    writes.add(view, write, answer);
  }

  void read(RegionView view, ReadIndexRequest claim, CompletableFuture<ReadResult> answer) {
    reads.add(view, claim, answer);
  }

  // ---- what raft decides ----

  @Override
  public Restored restored() {
    return restored;
  }

  @Override
  public void apply(List<Entry> committed) {
    long last = committed.get(committed.size() - 1).index();
    Queue<Pending> waiting = proposals.takeUpTo(last);
    context.applyLoop().add(new Applying(this, committed, waiting, List.copyOf(waiting)));
  }

  @Override
  public void install(SnapshotDescriptor snapshot) {
    StagedRange staged = received;
    received = null;
    if (staged == null) {
      execute(() -> driver.snapshotFailed(snapshot));
      return;
    }
    installing = ReceiveSnapshot.header(snapshot).getRegion();
    swallowed.forEach(other -> other.givenAway = true); // now: others may come before it is done
    context.applyLoop().add(ReceiveSnapshot.task(this, snapshot, staged, swallowed));
  }

  @Override
  public Optional<SnapshotDescriptor> snapshot() {
    return sends.prepare();
  }

  @Override
  public void onReadReady(long requestId, long index) {
    reads.onReady(requestId, index);
  }

  @Override
  public void onReadFailed(long requestId) {
    reads.onFailed(requestId);
  }

  @Override
  public void onLeaderChange(long term, long leader, boolean weLead) {
    rest.wake();
    RegionFace before = face;
    if (before.leads() && (!weLead || term != before.term())) {
      lease.end();
      serving = false;
      context.listeners().forEach(l -> l.onLeaderLost(regionId, before.term()));
      proposals.onLeaderLost(ticks, context.settings().answerTicks());
    }
    showFace(before.region(), leader, weLead);
    watch.onLeaderChange();
    if (heir && leader != 0) {
      heir = false;
      if (!weLead) {
        context.listeners().forEach(l -> l.onLeaderLost(regionId, before.term()));
      }
    }
    if (weLead && !before.leads()) {
      report();
    }
  }

  @Override
  public void onQuorumContact(long sentAtNanos) {
    if (serving && !context.diskIsSlow()) {
      lease.renew(sentAtNanos);
    }
  }

  @Override
  public void onLeaseRevoked() {
    lease.revoke();
  }

  @Override
  public void send(Message message) {
    Region region = face.region();
    Peer to = correspondents.find(region, message.to());
    if (to == null) {
      return;
    }
    Envelope envelope =
        new Envelope(regionId, face.peer(), to, region.getRegionEpoch(), message)
            .with(rest.says(message) ? new Extra.Rests() : reads.attachment(message));
    if (message instanceof InstallSnapshot) {
      sends.send(envelope);
    } else {
      context.transport().send(envelope);
    }
  }

  // ---- what the apply thread reports ----

  void onApplied(LogPosition position) {
    if (destroyed) {
      return;
    }
    applied = position;
    driver.applied(position.index());
    RegionFace now = face;
    if (now.leads() && !serving && position.term() == now.term()) {
      serving = true;
      lease.begin(now.term(), now.merging());
      context.listeners().forEach(l -> l.onLeaderGained(now.view()));
    }
    lease.onApplied(position.index());
    reads.onApplied(position.index());
  }

  void onSplit(Region before, SplitPlan plan, List<Region> children) {
    boolean led = face.leads();
    RegionView viewBefore = face.view();
    showFace(plan.derived(), driver.leader(), led);
    size.share(plan.pieces().size());
    load.forgetSamples();
    store.onSplit(this, before, plan, children, led);
    store.tellSplit(viewBefore, plan, led);
    if (led) {
      driver.announceCommit();
      context.placement().reportSplit(plan.pieces());
      report();
    }
  }

  /** The region changed as said, and is being merged from now on, or no longer. */
  void show(Region after, boolean merging) {
    face = face.merging(merging);
    showFace(after, driver.leader(), face.leads());
  }

  /** What {@link #show(RegionFace)} would be given for the changed region. */
  RegionFace faceOf(Region after) {
    return faceOf(after, driver.leader(), face.leads());
  }

  void show(RegionFace next) {
    face = next;
  }

  void onMembershipChanged(Region before, Region after) {
    showFace(after, driver.leader(), face.leads());
    if (isRemoved()) {
      return; // those who stay may have forgotten it in a power cut, and need this vote once more
    }
    context.listeners().forEach(l -> l.onMembershipChanged(face.view()));
    if (face.leads()) {
      driver.announceCommit();
      for (Peer gone : ChangePeers.gone(before, after)) {
        context
            .transport()
            .send(Envelope.removed(regionId, face.peer(), gone, after.getRegionEpoch()));
      }
      report();
    }
  }

  /** The snapshot that was to be installed does not fit what is here any more. */
  void onSnapshotRefused(SnapshotDescriptor snapshot, List<RegionReplica> spared) {
    installing = null;
    spared.forEach(other -> other.givenAway = false);
    if (!destroyed) {
      driver.snapshotFailed(snapshot);
    }
  }

  void onSnapshotInstalled(SnapshotDescriptor snapshot, List<RegionReplica> ended) {
    installing = null;
    store.onSwallowed(ended);
    if (destroyed) {
      return;
    }
    Region before = face.region();
    Region after = ReceiveSnapshot.header(snapshot).getRegion();
    applied = snapshot.position();
    size.forget();
    merge.onReplaced();
    hashCheck.onReplaced();
    lease.resume();
    face = face.merging(false).base(after.getRegionEpoch());
    showFace(after, driver.leader(), face.leads());
    store.onRangeChanged(this, before);
    proposals
        .takeUpTo(applied.index())
        .forEach(p -> p.fail(RegionErrors.undetermined("the write may be part of a snapshot")));
    driver.snapshotInstalled(snapshot);
    reads.onApplied(applied.index());
  }

  void onCompactLog(long index) {
    if (!destroyed && index > log.start().index()) {
      store.compactAfterSync(this, index);
    }
  }

  /** The engine holds durably what the entries up to {@code index} did. */
  void compact(long index) {
    if (!destroyed) {
      long needed = merge.state() == null ? Long.MAX_VALUE : merge.state().getMinIndex() - 1;
      driver.compact(Math.min(needed, Math.min(index, driver.status().applied())));
    }
  }

  // ---- helpers of the operations ----

  void await(Pending proposal) {
    proposals.add(proposal);
  }

  private void showFace(Region region, long leader, boolean leads) {
    face = faceOf(region, leader, leads);
  }

  private RegionFace faceOf(Region region, long leader, boolean leads) {
    Peer mine = Regions.peer(region, face.peer().getId());
    Peer leaderPeer = correspondents.find(region, leader);
    return face.with(region, mine == null ? face.peer() : mine, driver.term(), leaderPeer, leads);
  }

  /** This replica was split off from {@code parent}. */
  void inherit(RegionReplica parent, boolean led) {
    size.copy(parent.size());
    heir = led;
    if (led) {
      driver.campaign(); // at once: nobody else knows better
    }
  }

  /** Tells the placement driver how the region is, if this replica leads it. */
  void report() {
    if (face.leads()) {
      context.placement().reportRegion(watch.report(this));
    }
  }

  /** Whether this replica has applied its own removal. */
  private boolean isRemoved() {
    return face.initialized() && Regions.peer(face.region(), face.peer().getId()) == null;
  }

  /** Whether {@code epoch} says more of the region's members than this replica knows. */
  private boolean isSupersededAt(RegionEpoch epoch) {
    long known = face.region().getRegionEpoch().getConfVer();
    return isRemoved() ? epoch.getConfVer() >= known : epoch.getConfVer() > known;
  }

  void reportSoon() {
    watch.reportSoon(this);
  }

  /** The placement driver says that this replica is no member any more. */
  void destroyAsRemoved() {
    store.destroy(this);
  }

  /** Ends the replica's work; its files stay. */
  void close(Error error) {
    close(error, RegionErrors.undetermined("the replica stopped before an answer"));
  }

  /**
   * @param error for reads
   * @param unanswered for writes that were proposed
   */
  void close(Error error, Error unanswered) {
    destroyed = true;
    driver.close();
    RegionFace before = face;
    if (before.leads()) {
      lease.end();
      showFace(before.region(), 0, false);
      context.listeners().forEach(l -> l.onLeaderLost(regionId, before.term()));
    }
    hashCheck.close();
    reads.failAll(error);
    writes.failAll(error);
    proposals.failAll(unanswered);
    sends.close();
  }

  // ---- answers ----

  RegionFace face() {
    return face;
  }

  /** Leads and knows all earlier writes. */
  boolean isServing() {
    return serving;
  }

  RegionSize size() {
    return size;
  }

  HashCheck hashCheck() {
    return hashCheck;
  }

  Merging merge() {
    return merge;
  }

  Rest rest() {
    return rest;
  }

  /** Nothing is under way here that has to be looked after by ticks. */
  boolean isIdle() {
    return installing == null
        && !heir
        && !destroyed
        && proposals.isEmpty()
        && reads.isIdle()
        && sends.isIdle()
        && merge.isIdle()
        && hashCheck.isIdle();
  }

  Store store() {
    return store;
  }

  RegionLoad load() {
    return load;
  }

  SplitCheck splitCheck() {
    return splitCheck;
  }

  LeaderLease lease() {
    return lease;
  }

  RaftDriver driver() {
    return driver;
  }

  LogStore log() {
    return log;
  }

  RegionApplier applier() {
    return applier;
  }

  StoreContext context() {
    return context;
  }

  long regionId() {
    return regionId;
  }

  long applied() {
    return applied.index();
  }

  RegionProgress progress() {
    Status status = driver.status();
    return new RegionProgress(
        regionId, face().leads(), status.term(), status.commit(), applied.index());
  }

  long ticks() {
    return ticks;
  }

  /** Ends as soon as a snapshot of another region is installed, and must not be touched before. */
  boolean isGivenAway() {
    return givenAway;
  }

  boolean isDestroyed() {
    return destroyed;
  }

  /** What the region will be once a snapshot is installed, or null. */
  Region installing() {
    return installing;
  }
}
