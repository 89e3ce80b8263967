package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.transport.RaftTransport;
import dev.kittiwake.kv.transport.SerialExecutor;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.raft.driver.LoopContext;
import dev.kittiwake.raft.wal.Wal;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** What the replicas of one store share. */
final class StoreContext {
  private static final int APPLY_PATIENCE = 4;
  private static final int SLUGGISH = 8;

  private final StoreParts parts;
  private final StoreLoop loop;
  private final ApplyLoop applyLoop;
  private final Function<RegionFace, List<Region>> currentRegions;
  private final RandomGenerator random;
  private final Executor looks;
  private final MergeGates gates = new MergeGates();
  private final List<RegionListener> listeners = new CopyOnWriteArrayList<>();
  private final Queue<RegionReplica> dirty = new ArrayDeque<>(); // loop only
  private final AtomicInteger sending = new AtomicInteger();
  private final AtomicInteger installing = new AtomicInteger(); // snapshots
  private final WriteGate gate;
  private final Quarantine quarantine = new Quarantine();
  private final Collected collected;
  private final DataTurns dataTurns = new DataTurns();
  private volatile ReadGuard readGuard = ReadGuard.NONE;
  private volatile boolean halted;
  private long lastSnapshotId; // loop only

  StoreContext(
      StoreParts parts,
      StoreLoop loop,
      ApplyLoop applyLoop,
      Function<RegionFace, List<Region>> currentRegions) {
    this.parts = parts;
    this.loop = loop;
    this.applyLoop = applyLoop;
    this.currentRegions = currentRegions;
    this.random = parts.random();
    this.collected = new Collected(parts.engine());
    this.gate = new WriteGate(parts.storeId());
    this.looks = new SerialExecutor(parts.background());
  }

  long storeId() {
    return parts.storeId();
  }

  Engine engine() {
    return parts.engine();
  }

  Wal wal() {
    return parts.wal();
  }

  RaftTransport transport() {
    return parts.transport();
  }

  Placement placement() {
    return parts.placement();
  }

  StoreSettings settings() {
    return parts.settings();
  }

  Executor background() {
    return parts.background();
  }

  /** What has to be replicated before a region is merged. */
  MergeGates gates() {
    return gates;
  }

  /** Walks over regions' data, one at a time, so that other background work is not kept waiting. */
  Executor looks() {
    return looks;
  }

  StoreLoop loop() {
    return loop;
  }

  ApplyLoop applyLoop() {
    return applyLoop;
  }

  Quarantine quarantine() {
    return quarantine;
  }

  /** Which versions may be gone here. */
  Collected collected() {
    return collected;
  }

  /** For all who change data past the logs. */
  DataTurns dataTurns() {
    return dataTurns;
  }

  ReadGuard readGuard() {
    return readGuard;
  }

  void guardReads(ReadGuard guard) {
    readGuard = guard;
  }

  List<RegionListener> listeners() {
    return listeners;
  }

  List<Region> currentRegions(RegionFace face) {
    return currentRegions.apply(face);
  }

  long nanos() {
    return parts.nanos().getAsLong();
  }

  /** A driver's surroundings; its tasks run as tasks of {@code replica}. */
  LoopContext loopContext(RegionReplica replica) {
    return new LoopContext(
        replica::execute, parts.nanos(), new SplittableRandom(random.nextLong()));
  }

  /**
   * A leader on a disk that hangs must lose its lease, and leave. Applying may take longer than a
   * sync: it ingests whole snapshots.
   */
  boolean diskIsSlow() {
    long limit = parts.settings().slowSyncNanos();
    return halted
        || parts.wal().oldestUnfinishedSyncNanos() > limit
        || applyLoop.stuckNanos() > APPLY_PATIENCE * limit;
  }

  /** Whether syncs take so long, as a rule, that other stores would do better. */
  boolean diskIsSluggish() {
    return parts.wal().typicalSyncNanos() > parts.settings().slowSyncNanos() / SLUGGISH;
  }

  /** From 1, healthy, to 100: how slow the disk is, by its syncs. */
  int slowScore() {
    long limit = parts.settings().slowSyncNanos();
    long late =
        Math.max(
            parts.wal().oldestUnfinishedSyncNanos(), SLUGGISH / 2 * parts.wal().typicalSyncNanos());
    return halted ? 100 : (int) Math.min(100, 1 + 99 * late / Math.max(1, limit));
  }

  /** Disk or data failed: no read counts on a lease from now on. */
  void halt() {
    halted = true;
  }

  boolean isHalted() {
    return halted;
  }

  WriteGate writeGate() {
    return gate;
  }

  void markDirty(RegionReplica replica) {
    dirty.add(replica);
  }

  /** The next replica with work, or null. */
  RegionReplica nextDirty() {
    return dirty.poll();
  }

  boolean mayPrepareSnapshot(int waiting) {
    return sending.get() + waiting < parts.settings().maxSnapshots();
  }

  long nextSnapshotId() {
    return ++lastSnapshotId;
  }

  void snapshotSendStarted() {
    sending.incrementAndGet();
  }

  void snapshotSendEnded() {
    sending.decrementAndGet();
  }

  /** One that has arrived is to be installed. */
  void installBegins() {
    installing.incrementAndGet();
  }

  void installEnds() {
    installing.decrementAndGet();
  }

  /** How many wait until they are installed, or are being. From any thread. */
  int snapshotsToInstall() {
    return installing.get();
  }

  int snapshotsBeingSent() {
    return sending.get();
  }
}
