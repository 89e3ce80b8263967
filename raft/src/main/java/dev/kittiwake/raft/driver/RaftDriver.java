package dev.kittiwake.raft.driver;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.InitialState;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.MembershipChange;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.Proposal;
import dev.kittiwake.raft.RaftConfig;
import dev.kittiwake.raft.RaftNode;
import dev.kittiwake.raft.ReadState;
import dev.kittiwake.raft.Ready;
import dev.kittiwake.raft.Role;
import dev.kittiwake.raft.SnapshotDescriptor;
import dev.kittiwake.raft.Status;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/**
 * Runs one group: feeds a {@link RaftNode} and carries out what it decides. Confined to one thread,
 * that of its loop; every method is called there. Inputs only change the core; {@link #pump} does
 * the work they caused, so call it once after a batch of inputs. Acknowledgements of the log come
 * over the loop's executor and pump by themselves.
 */
public final class RaftDriver {
  private final LogStore log;
  private final StateMachine machine;
  private final Outbox outbox;
  private final LoopContext context;
  private final RaftNode node;
  private final RoundStamps stamps = new RoundStamps();
  private boolean closed;

  /**
   * Restores a replica. If the state machine is ahead of the log, because a snapshot was installed
   * before a crash or the group is new, the log restarts where the state machine stands.
   *
   * @throws IllegalStateException if the state machine is behind what the log still holds: it lost
   *     durable state
   */
  public RaftDriver(
      RaftConfig config, LogStore log, StateMachine machine, Outbox outbox, LoopContext context) {
    this.log = log;
    this.machine = machine;
    this.outbox = outbox;
    this.context = context;
    Restored restored = machine.restored();
    HardState hardState = log.hardState();
    LogPosition applied = restored.applied();
    if (applied.index() < log.start().index()) {
      throw new IllegalStateException(
          "replica "
              + config.id()
              + " applied only "
              + applied
              + " but its log starts after "
              + log.start());
    }
    boolean fresh = hardState.equals(HardState.NONE) && log.lastIndex() == 0;
    OptionalLong term = log.term(applied.index());
    boolean restarts = term.isEmpty() || term.getAsLong() != applied.term();
    if (restarts) {
      hardState = hardState.restartedAt(applied);
      log.restart(applied, hardState, () -> {});
    }
    InitialState initial =
        new InitialState(hardState, applied, restored.membership(), fresh, !restarts);
    node = new RaftNode(config, log, machine::snapshot, initial, context.random());
  }

  /** One unit of the group's logical time has passed. */
  public void tick() {
    node.tick();
  }

  /** A message for this replica has arrived. */
  public void step(Message message) {
    node.step(message);
  }

  /** Appends a command if this replica leads; the array now belongs to the log. */
  public Proposal propose(byte[] command) {
    return node.propose(command);
  }

  /**
   * Appends a membership change if this replica leads, the change fits and the one before it is
   * applied.
   */
  public Proposal proposeMembership(MembershipChange change) {
    return node.proposeMembership(change);
  }

  /**
   * Asks for an index at which a read is linearizable; a follower asks its leader. Answered once by
   * {@link StateMachine#onReadReady} or {@link StateMachine#onReadFailed}, from a later {@link
   * #pump}.
   */
  public void readIndex(long requestId) {
    node.readIndex(requestId);
  }

  /**
   * Hands leadership to a voter; a follower passes the request on. Given up after one election
   * timeout.
   */
  public void transferLeadership(long peer) {
    node.transferLeadership(peer);
  }

  /**
   * Campaigns now, without waiting for the election timeout; still asks first if pre-vote is on.
   */
  public void campaign() {
    node.campaign();
  }

  /**
   * Takes entries that are known to be committed, though no leader sent them.
   *
   * @see RaftNode#learnCommitted
   */
  public boolean learnCommitted(List<Entry> entries) {
    return node.learnCommitted(entries);
  }

  /** The state machine has applied everything up to {@code index}. */
  public void applied(long index) {
    node.applied(index);
  }

  /**
   * The state machine has durably become this snapshot. Pumps, so that the log restarts before
   * anything else.
   */
  public void snapshotInstalled(SnapshotDescriptor snapshot) {
    node.snapshotInstalled(snapshot);
    pump();
  }

  /**
   * The state machine could not install the snapshot it was handed; the leader will send another.
   */
  public void snapshotFailed(SnapshotDescriptor snapshot) {
    node.snapshotFailed(snapshot);
  }

  /**
   * The state that belongs to an {@link dev.kittiwake.raft.InstallSnapshot} has been sent, or has
   * failed to be.
   */
  public void snapshotSent(long peer, boolean ok) {
    node.snapshotSent(peer, ok);
  }

  /** Messages to {@code peer} were lost: send one at a time until it answers. */
  public void unreachable(long peer) {
    node.unreachable(peer);
  }

  /** There is a sign that the process of {@code peer} has ended. A hint that may be wrong. */
  public void suspectLeader(long peer) {
    node.suspectLeader(peer);
  }

  /** Tells all members the commit index now, instead of with the next append or tick. */
  public void announceCommit() {
    node.announceCommit();
  }

  /** Begins a round of heartbeats now: a host that gives no ticks for a while says so. */
  public void announceLeadership() {
    node.announceLeadership();
  }

  /**
   * Entries up to {@code index} are no longer needed here. Harmless if they are gone already.
   *
   * @throws IllegalArgumentException if they are not applied yet
   */
  public void compact(long index) {
    if (index > node.appliedIndex()) {
      throw new IllegalArgumentException(
          "cannot compact to " + index + ", applied only " + node.appliedIndex());
    }
    if (index > log.start().index()) {
      log.compact(new LogPosition(index, log.term(index).orElseThrow()));
    }
  }

  /** Whether {@link #pump} has anything to do. */
  public boolean hasWork() {
    return !closed && node.hasReady();
  }

  /** Carries out all work owed: stores, sends, applies, answers. Cheap if there is none. */
  public void pump() {
    while (hasWork()) {
      carryOut(node.ready());
    }
  }

  /** The replica stops: acknowledgements still under way are dropped. The log stays. */
  public void close() {
    closed = true;
  }

  public Status status() {
    return node.status();
  }

  public Membership membership() {
    return node.membership();
  }

  public long term() {
    return node.term();
  }

  public boolean isLeader() {
    return node.role() == Role.LEADER;
  }

  /** The leader as far as known, or 0. */
  public long leader() {
    return node.leader();
  }

  private void carryOut(Ready ready) {
    store(ready);
    if (ready.leaseRevoked()) {
      machine.onLeaseRevoked();
    }
    if (stamps.isNew(ready.round())) {
      stamps.stamp(ready.round(), context.nanos().getAsLong());
    }
    for (Message message : ready.messages()) {
      outbox.send(message);
    }
    if (ready.leadership() != null) {
      Ready.Leadership now = ready.leadership();
      machine.onLeaderChange(now.term(), now.leader(), now.role() == Role.LEADER);
    }
    if (ready.install() != null) {
      machine.install(ready.install());
    }
    if (!ready.committed().isEmpty()) {
      machine.apply(ready.committed());
    }
    if (ready.quorumRound() > 0) {
      stamps.sentAt(ready.quorumRound()).ifPresent(machine::onQuorumContact);
    }
    for (ReadState read : ready.reads()) {
      machine.onReadReady(read.requestId(), read.index());
    }
    for (long failed : ready.failedReads()) {
      machine.onReadFailed(failed);
    }
  }

  /** First of all, so that the disk works while the messages are sent. */
  private void store(Ready ready) {
    if (ready.version() == 0) {
      return;
    }
    long version = ready.version();
    Executor loop = context.loop();
    Runnable durable = () -> loop.execute(() -> onDurable(version));
    if (ready.restart() == null) {
      log.append(ready.hardState(), ready.entries(), durable);
    } else if (ready.entries().isEmpty()) {
      log.restart(ready.restart(), ready.hardState(), durable);
    } else {
      log.restart(ready.restart(), ready.hardState(), () -> {});
      log.append(null, ready.entries(), durable);
    }
  }

  private void onDurable(long version) {
    if (!closed) {
      node.persisted(version);
      pump();
    }
  }
}
