package dev.kittiwake.raft.cluster;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.MembershipChange;
import dev.kittiwake.raft.RaftConfig;
import dev.kittiwake.raft.SnapshotDescriptor;
import dev.kittiwake.raft.driver.LoopContext;
import dev.kittiwake.raft.driver.RaftDriver;
import dev.kittiwake.raft.driver.Restored;
import dev.kittiwake.raft.driver.StateMachine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * One replica with its disk. The state machine only remembers how far it is and who the members
 * are.
 */
final class SimulatedPeer implements StateMachine {
  final long id;
  private final SimulatedGroup group;
  private final RandomGenerator random;
  MemoryLog log = new MemoryLog();
  RaftDriver driver; // null while crashed
  private Restored durable;
  private LogPosition applied;
  private Membership membership;
  private final ArrayDeque<Entry> toApply = new ArrayDeque<>();
  private SnapshotDescriptor toInstall;
  private final TreeMap<Long, Long> reads =
      new TreeMap<>(); // request id to what was applied anywhere when it was asked
  private int life; // tasks of an earlier life are dropped
  long leaseEnd; // nanoseconds; 0 = none

  SimulatedPeer(long id, SimulatedGroup group, Restored initial, RandomGenerator random) {
    this.id = id;
    this.group = group;
    this.durable = initial;
    this.random = random;
    start();
  }

  void start() {
    applied = durable.applied();
    membership = durable.membership();
    toApply.clear();
    toInstall = null;
    leaseEnd = 0;
    int thisLife = ++life;
    LoopContext context =
        new LoopContext(
            task ->
                group.later(
                    0,
                    () -> {
                      if (life == thisLife) {
                        task.run();
                      }
                    }),
            group::now,
            random);
    driver =
        new RaftDriver(
            RaftConfig.of(id).withFlow(random.nextInt(20, 400), random.nextInt(1, 6)),
            log,
            this,
            group::send,
            context);
  }

  boolean alive() {
    return driver != null;
  }

  void crash() {
    driver.close();
    driver = null;
    life++;
    log = log.crash();
    reads.clear();
  }

  void read(long requestId) {
    reads.put(requestId, group.invariants.highestApplied());
    driver.readIndex(requestId);
  }

  /**
   * Applies some of what was handed over, and sometimes makes it durable; never beyond what the log
   * has durable.
   */
  void work() {
    if (toInstall != null) {
      finishInstall();
    }
    int count = random.nextInt(4);
    for (int i = 0; i < count && !toApply.isEmpty(); i++) {
      Entry entry = toApply.poll();
      Invariants.require(
          entry.index() == applied.index() + 1,
          "gap at peer " + id + ": " + entry + " after " + applied);
      group.invariants.onApplied(id, entry);
      applied = entry.position();
      if (entry.kind() == Entry.Kind.MEMBERSHIP) {
        membership = membership.after(MembershipChange.decode(entry.payload()));
      }
      driver.applied(applied.index());
    }
    if (random.nextInt(3) == 0) {
      durable = new Restored(applied, membership);
    }
    if (random.nextInt(40) == 0) {
      driver.compact(durable.applied().index());
    }
  }

  private void finishInstall() {
    SnapshotDescriptor snapshot = toInstall;
    toInstall = null;
    if (random.nextInt(5) == 0) {
      driver.snapshotFailed(snapshot);
      return;
    }
    toApply.clear();
    applied = snapshot.position();
    membership = snapshot.membership();
    durable = new Restored(applied, membership);
    driver.snapshotInstalled(snapshot);
  }

  boolean idle() {
    return toApply.isEmpty() && toInstall == null && !log.dirty();
  }

  LogPosition applied() {
    return applied;
  }

  @Override
  public Restored restored() {
    return durable;
  }

  @Override
  public void apply(List<Entry> committed) {
    Invariants.require(
        toInstall == null, "entries handed over while a snapshot is being installed");
    toApply.addAll(committed);
  }

  @Override
  public void install(SnapshotDescriptor snapshot) {
    toInstall = snapshot;
  }

  @Override
  public Optional<SnapshotDescriptor> snapshot() {
    return random.nextInt(3) == 0
        ? Optional.empty()
        : Optional.of(new SnapshotDescriptor(durable.applied(), durable.membership(), new byte[0]));
  }

  @Override
  public void onReadReady(long requestId, long index) {
    long floor = reads.remove(requestId);
    Invariants.require(
        index >= floor, "stale read at peer " + id + ": index " + index + ", applied was " + floor);
    group.readsServed++;
  }

  @Override
  public void onReadFailed(long requestId) {
    Invariants.require(reads.remove(requestId) != null, "read " + requestId + " failed twice");
  }

  @Override
  public void onLeaderChange(long term, long leader, boolean weLead) {
    leaseEnd = 0;
    if (weLead) {
      group.onLeader(this, term);
    }
  }

  @Override
  public void onQuorumContact(long sentAtNanos) {
    leaseEnd = Math.max(leaseEnd, sentAtNanos + SimulatedGroup.LEASE_NANOS);
  }

  @Override
  public void onLeaseRevoked() {
    leaseEnd = 0;
  }

  List<Long> others() {
    List<Long> others = new ArrayList<>(membership.peers());
    others.remove(id);
    return others;
  }
}
