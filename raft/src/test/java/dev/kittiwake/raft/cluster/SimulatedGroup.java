package dev.kittiwake.raft.cluster;

import dev.kittiwake.raft.Change;
import dev.kittiwake.raft.InstallSnapshot;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.MembershipChange;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.MessageCodec;
import dev.kittiwake.raft.driver.Restored;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Five voters and two spare peers in virtual time. Every event is drawn from one seed. */
final class SimulatedGroup {
  static final long TICK_NANOS = 10_000;
  static final long LEASE_NANOS = 8 * TICK_NANOS; // election timeout is 10 ticks
  private static final int VOTERS = 5;
  private static final int PEERS = 7;

  private record Event(long at, long order, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  final Invariants invariants = new Invariants();
  long readsServed;
  private final RandomGenerator random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final TreeMap<Long, SimulatedPeer> peers = new TreeMap<>();
  private final ArrayDeque<String> trace = new ArrayDeque<>();
  private long traceHash;
  private long order;
  private long now;
  private TreeSet<Long> island = new TreeSet<>(); // cut off from the rest
  private boolean faults = true;
  private long proposals;
  private int lossPercent;

  SimulatedGroup(SplittableRandom random) {
    this.random = random;
    this.lossPercent = random.nextInt(12);
    Restored initial = new Restored(new LogPosition(5, 5), Membership.of(1, 2, 3, 4, 5));
    for (long id = 1; id <= PEERS; id++) {
      peers.put(
          id,
          new SimulatedPeer(id, this, id <= VOTERS ? initial : Restored.NOTHING, random.split()));
    }
    peers.values().forEach(peer -> scheduleTick(peer.id));
  }

  long now() {
    return now;
  }

  void later(long delay, Runnable task) {
    events.add(new Event(now + delay, order++, task));
  }

  void run(int count) {
    for (int i = 0; i < count; i++) {
      step();
    }
  }

  private void step() {
    Event event = events.poll();
    now = event.at();
    event.task().run();
    if (faults && random.nextInt(8) == 0) {
      disturb();
    }
  }

  private void scheduleTick(long id) {
    later(
        TICK_NANOS,
        () -> {
          scheduleTick(id);
          with(
              id,
              peer -> {
                peer.driver.tick();
                if (!faults || random.nextInt(3) > 0) {
                  peer.log.sync(random.nextInt(5));
                }
                peer.work();
              });
        });
  }

  private interface Action {
    void on(SimulatedPeer peer);
  }

  private void with(long id, Action action) {
    SimulatedPeer peer = peers.get(id);
    if (peer.alive()) {
      action.on(peer);
      if (peer.alive()) {
        peer.driver.pump();
      }
    }
  }

  /** The network: encodes for real, delays, and while there are faults loses and repeats. */
  void send(Message message) {
    note(message.toString());
    byte[] encoded = MessageCodec.encode(message);
    int copies =
        !faults ? 1 : random.nextInt(100) < lossPercent ? 0 : random.nextInt(100) < 4 ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      long delay =
          random.nextInt(20) == 0 ? random.nextLong(15 * TICK_NANOS) : random.nextLong(TICK_NANOS);
      later(delay, () -> deliver(MessageCodec.decode(encoded)));
    }
    if (message instanceof InstallSnapshot) {
      boolean ok = copies > 0;
      later(
          random.nextLong(5 * TICK_NANOS),
          () -> with(message.from(), peer -> peer.driver.snapshotSent(message.to(), ok)));
    }
  }

  private void deliver(Message message) {
    boolean cut = island.contains(message.from()) != island.contains(message.to());
    if (!cut && peers.containsKey(message.to())) {
      with(message.to(), peer -> peer.driver.step(message));
    }
  }

  private void disturb() {
    long id = 1 + random.nextInt(PEERS);
    switch (random.nextInt(40)) {
      case 0 -> crash(id);
      case 1, 2, 3 -> restart(id);
      case 4 -> partition();
      case 5 -> island.clear();
      case 6 -> with(id, peer -> peer.driver.transferLeadership(1 + random.nextInt(PEERS)));
      case 7, 8 -> with(id, this::changeMembers);
      case 9 -> with(id, peer -> peer.driver.campaign());
      case 10 -> with(id, peer -> peer.driver.unreachable(1 + random.nextInt(PEERS)));
      case 17, 18 -> with(id, peer -> peer.driver.suspectLeader(peer.driver.leader()));
      case 11, 12, 13, 14, 15, 16 -> with(id, peer -> peer.read(++proposals));
      default ->
          with(
              id,
              peer ->
                  peer.driver.propose(new byte[] {(byte) ++proposals, (byte) (proposals >> 8)}));
    }
  }

  private void crash(long id) {
    if (peers.get(id).alive()) {
      note("crash " + id);
      peers.get(id).crash();
    }
  }

  private void restart(long id) {
    if (!peers.get(id).alive()) {
      note("restart " + id);
      peers.get(id).start();
    }
  }

  private void partition() {
    island = new TreeSet<>();
    for (long id = 1; id <= PEERS; id++) {
      if (random.nextBoolean()) {
        island.add(id);
      }
    }
    note("partition " + island);
  }

  private void changeMembers(SimulatedPeer peer) {
    Membership membership = peer.driver.membership();
    if (membership.joint()) {
      peer.driver.proposeMembership(MembershipChange.leaveJoint(new byte[0]));
      return;
    }
    List<Change> changes = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 1 : 2;
    for (int i = 0; i < count; i++) {
      long target = 1 + random.nextInt(PEERS);
      switch (random.nextInt(3)) {
        case 0 -> changes.add(Change.addLearner(target));
        case 1 -> {
          if (membership.contains(target) && membership.voters().size() > 2) {
            changes.add(Change.remove(target));
          }
        }
        default -> changes.add(Change.addVoter(target));
      }
    }
    if (changes.size() == 1) {
      peer.driver.proposeMembership(MembershipChange.simple(changes.get(0), new byte[] {1}));
    } else if (changes.size() > 1) {
      peer.driver.proposeMembership(
          MembershipChange.enterJoint(changes, random.nextBoolean(), new byte[] {2}));
    }
  }

  /** A new leader: no other may hold a lease. */
  void onLeader(SimulatedPeer leader, long term) {
    note("leader " + leader.id + " in term " + term);
    invariants.onLeader(term, leader.id, leader.log);
    for (SimulatedPeer peer : peers.values()) {
      Invariants.require(
          peer == leader || !peer.alive() || peer.leaseEnd <= now || peer.driver.term() > term,
          "peer "
              + peer.id
              + " holds a lease of term while "
              + leader.id
              + " starts to lead term "
              + term);
    }
    invariants.checkLogs(peers.values().stream().map(peer -> peer.log).toList());
  }

  void heal() {
    note("heal");
    faults = false;
    island.clear();
    for (long id : peers.keySet()) {
      restart(id);
    }
  }

  /** Within bounded time a leader is found and everyone it counts has applied all it has. */
  boolean converges() {
    long bound = now + 3_000 * TICK_NANOS;
    while (now < bound) {
      step();
      if (order % 64 == 0 && agreed()) {
        return probe();
      }
    }
    return false;
  }

  private boolean probe() {
    invariants.checkLogs(peers.values().stream().map(peer -> peer.log).toList());
    return true;
  }

  private boolean agreed() {
    for (SimulatedPeer peer : peers.values()) {
      if (peer.driver.isLeader()
          && peer.applied().index() == peer.log.lastIndex()
          && peer.applied().term() == peer.driver.term()
          && !peer.driver.membership().joint()) {
        return peer.driver.membership().peers().stream()
            .allMatch(id -> peers.get(id).applied().equals(peer.applied()) && peers.get(id).idle());
      }
      if (peer.driver.isLeader()
          && peer.driver.membership().joint()
          && !peer.driver.membership().autoLeave()) {
        with(
            peer.id,
            leader -> leader.driver.proposeMembership(MembershipChange.leaveJoint(new byte[0])));
      }
    }
    return false;
  }

  private void note(String line) {
    String full = now + " " + line;
    traceHash = traceHash * 31 + full.hashCode();
    trace.add(full);
    if (trace.size() > 60) {
      trace.poll();
    }
  }

  /** The last events, and what has become of every peer. */
  String tail() {
    StringBuilder text = new StringBuilder(String.join("\n", trace));
    for (SimulatedPeer peer : peers.values()) {
      text.append("\n").append(peer.id).append(peer.alive() ? " " + peer.driver.status() : " down");
    }
    return text.toString();
  }

  String digest() {
    return traceHash + " reads " + readsServed + " applied " + invariants.highestApplied();
  }
}
