package dev.kittiwake.kv.region;

import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.RaftTransport;
import dev.kittiwake.proto.metapb.Peer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Keeps watch for the replicas of a store that rest: one sign of life a heartbeat between two
 * stores takes the place of those of all their regions. A store that is silent for an election
 * timeout wakes whom it concerns, some at each tick: followers of leaders there, and leaders with
 * members there. If it was this store that stood still, nobody else's silence means anything.
 *
 * <p>A follower that wakes is told for how long its leader's store has been silent. It may vote for
 * another on the strength of that, so it must never be longer than it was: a store counts as heard
 * when its word is taken, not when it came or was sent.
 *
 * <p>Confined to the store loop.
 */
final class Vigil {
  /** Woken in one tick: all at once would keep the store from hearing that it was mistaken. */
  private static final int AT_ONCE = 256;

  /** Ticks this much further apart than they should be: the store stood still. */
  private static final int STALL_TICKS = 3;

  private final long storeId;
  private final int heartbeatTicks;
  private final int silenceTicks;
  private final int turnTicks;
  private final RaftTransport transport;
  private final Map<Long, Set<RegionReplica>> watched = new TreeMap<>(); // by store
  private final Map<RegionReplica, List<Long>> resting =
      new LinkedHashMap<>(); // the stores of each
  private final Map<Long, Set<RegionReplica>> turns =
      new LinkedHashMap<>(); // by tick of their turn
  private final Map<Long, Long> heard = new LinkedHashMap<>(); // when a store was, in nanoseconds
  private final Set<Long> lost = new HashSet<>(); // connection broken, and not heard since
  private final LongSupplier nanos;
  private final long tickNanos;
  private long now; // as of the last tick
  private long tick;

  Vigil(long storeId, StoreSettings settings, RaftTransport transport, LongSupplier nanos) {
    this.nanos = nanos;
    this.tickNanos = settings.tickNanos();
    this.now = nanos.getAsLong();
    this.storeId = storeId;
    this.heartbeatTicks = settings.heartbeatTicks();
    this.silenceTicks = settings.electionTicks();
    this.turnTicks = Math.max(1, settings.heartbeatEveryTicks());
    this.transport = transport;
  }

  /** How many replicas rest. */
  int size() {
    return resting.size();
  }

  void onHeard(long store) {
    if (watched.containsKey(store)) {
      heard.put(store, nanos.getAsLong());
      lost.remove(store);
    }
  }

  /** Nobody is woken before the store was silent for long enough, but then they may be quick. */
  void onConnectionLost(long store) {
    if (watched.containsKey(store)) {
      lost.add(store);
    }
  }

  private int silentTicks(long store) {
    long at = nanos.getAsLong();
    return (int) Math.max(0, (at - heard.getOrDefault(store, at)) / tickNanos);
  }

  void add(RegionReplica replica) {
    List<Long> stores = concerning(replica.face());
    resting.put(replica, stores);
    for (long store : stores) {
      watched.computeIfAbsent(store, s -> new LinkedHashSet<>()).add(replica);
      heard.putIfAbsent(store, nanos.getAsLong());
    }
    turns.computeIfAbsent(turn(replica), t -> new LinkedHashSet<>()).add(replica);
  }

  private static List<Long> concerning(RegionFace face) {
    if (!face.leads()) {
      return face.leader() == null ? List.of() : List.of(face.leader().getStoreId());
    }
    return face.region().getPeersList().stream()
        .map(Peer::getStoreId)
        .filter(store -> store != face.peer().getStoreId())
        .toList();
  }

  private long turn(RegionReplica replica) {
    return Math.floorMod(replica.regionId(), (long) turnTicks);
  }

  /**
   * The replica rests no longer. Answers for how many ticks the store of the leader that it follows
   * has been silent.
   */
  int remove(RegionReplica replica) {
    List<Long> stores = resting.remove(replica);
    if (stores == null) {
      return 0;
    }
    int silence = replica.face().leads() || stores.isEmpty() ? 0 : silentTicks(stores.get(0));
    for (long store : stores) {
      Set<RegionReplica> all = watched.get(store);
      all.remove(replica);
      if (all.isEmpty()) {
        watched.remove(store);
        heard.remove(store);
        lost.remove(store);
      }
    }
    turns.get(turn(replica)).remove(replica);
    return silence;
  }

  /** One tick of the store has passed. */
  void onTick() {
    tick++;
    long passed = nanos.getAsLong() - now;
    now += passed;
    if (passed > STALL_TICKS * tickNanos) {
      heard.replaceAll((store, at) -> at + passed); // what came meanwhile has yet to be read
    }
    if (tick % heartbeatTicks == 0) {
      watched.keySet().forEach(store -> transport.send(Envelope.signOfLife(storeId, store)));
    }
    wakeWhomSilenceConcerns();
    for (RegionReplica replica : new ArrayList<>(turns.getOrDefault(tick % turnTicks, Set.of()))) {
      replica.runAsleep(() -> replica.rest().onTurn());
    }
  }

  private void wakeWhomSilenceConcerns() {
    for (long store : List.copyOf(watched.keySet())) {
      if (silentTicks(store) >= silenceTicks) {
        boolean broken = lost.contains(store);
        watched.getOrDefault(store, Set.of()).stream()
            .limit(AT_ONCE)
            .toList()
            .forEach(replica -> replica.run(() -> suspect(replica, broken)));
      }
    }
  }

  private static void suspect(RegionReplica replica, boolean broken) {
    Peer leader = replica.face().leader();
    if (broken && leader != null) {
      replica.driver().suspectLeader(leader.getId());
    }
  }
}
