package dev.kittiwake.pd.bigcluster;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.meta.RegionTree;
import dev.kittiwake.pd.schedule.Coordinator;
import dev.kittiwake.pd.schedule.PlacementSettings;
import dev.kittiwake.pd.schedule.ScheduleCluster;
import dev.kittiwake.pd.schedule.ScheduleConfig;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.StoreStats;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Stores that do what the coordinator says, and tell it. Everything happens in virtual time. */
final class BigCluster {
  private static final long TICK = 50;
  private static final long REGION_HEARTBEAT = 60_000;
  private static final long STORE_HEARTBEAT = 10_000;
  private static final long SNAPSHOT_BYTES_PER_MILLI = 100 << 10;

  private record Event(long atMillis, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return atMillis != other.atMillis
          ? Long.compare(atMillis, other.atMillis)
          : Long.compare(number, other.number);
    }
  }

  private final SplittableRandom random;
  private final RegionTree tree = new RegionTree();
  private final Map<Long, SimRegion> regions = new TreeMap<>();
  private final List<SimRegion> order = new ArrayList<>(); // in which they report
  private final Map<Long, Store> stores = new TreeMap<>();
  private final Set<Long> dead = new TreeSet<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Coordinator coordinator;
  private final Set<String> faults = new LinkedHashSet<>();
  private long now;
  private long eventNumber;
  private long nextId = 1_000_000_000L;
  private int nextReport;
  private long reports;
  private int fewestVoters = Integer.MAX_VALUE;

  BigCluster(long seed, Map<String, String> settings) {
    random = new SplittableRandom(seed);
    ScheduleCluster cluster =
        new ScheduleCluster(tree, random.split(), () -> OptionalLong.of(nextId++));
    coordinator = new Coordinator(cluster, this::receive, decision -> {});
    coordinator.configure(ScheduleConfig.of(settings), PlacementSettings.of(settings));
  }

  SplittableRandom random() {
    return random;
  }

  RegionTree tree() {
    return tree;
  }

  Coordinator coordinator() {
    return coordinator;
  }

  long nowMillis() {
    return now;
  }

  long reports() {
    return reports;
  }

  /** The fewest voters that a region ever had. */
  int fewestVoters() {
    return fewestVoters;
  }

  /** What must not happen and did. */
  Set<String> faults() {
    return faults;
  }

  Iterable<SimRegion> regions() {
    return order;
  }

  /** The stores that are up and alive. */
  List<Long> serving() {
    List<Long> ids = new ArrayList<>();
    stores.forEach(
        (id, store) -> {
          if (store.getState() == StoreState.Up && !dead.contains(id)) {
            ids.add(id);
          }
        });
    return ids;
  }

  void addStore(long id) {
    setState(id, StoreState.Up);
    heard(id);
  }

  void setState(long id, StoreState state) {
    Store store = Store.newBuilder().setId(id).setAddress("s" + id).setState(state).build();
    stores.put(id, store);
    coordinator.putStore(store);
  }

  /**
   * Adds a region behind the last one.
   *
   * @param on stores; the first leads
   */
  void addRegion(List<Long> on, long bytes, long readsPerSecond, long writesPerSecond) {
    long id = order.size() + 1L;
    Region.Builder region =
        Region.newBuilder()
            .setId(id)
            .setStartKey(id == 1 ? ByteString.EMPTY : key(id))
            .setEndKey(key(id + 1))
            .setRegionEpoch(RegionEpoch.newBuilder().setConfVer(3).setVersion(id));
    for (long store : on) {
      region.addPeers(Peer.newBuilder().setId(nextId++).setStoreId(store));
    }
    SimRegion made =
        new SimRegion(region.build(), region.getPeers(0), bytes, readsPerSecond, writesPerSecond);
    regions.put(id, made);
    order.add(made);
  }

  private static ByteString key(long id) {
    return ByteString.copyFromUtf8(String.format(Locale.ROOT, "k%012d", id));
  }

  /** Every region reports once, as when a new leader of the placement driver is found. */
  void everyRegionReports() {
    order.forEach(this::report);
  }

  /** A store falls silent; its regions elect others. */
  void kill(long storeId) {
    dead.add(storeId);
    for (SimRegion region : order) {
      if (region.hasPeerOn(storeId)) {
        later(
            10_000 + random.nextInt(5_000),
            () -> {
              if (region.lost(storeId, now)) {
                report(region);
              }
            });
      }
    }
  }

  /** Lets time pass. */
  void run(long millis) {
    long end = now + millis;
    while (now < end) {
      now += TICK;
      while (!events.isEmpty() && events.peek().atMillis() <= now) {
        events.poll().action().run();
      }
      coordinator.cluster().at(now);
      long due = (long) order.size() * TICK / REGION_HEARTBEAT + 1;
      for (long i = 0; i < due && !order.isEmpty(); i++) {
        nextReport = (nextReport + 1) % order.size();
        report(order.get(nextReport));
      }
      if (now % STORE_HEARTBEAT == 0) {
        stores.keySet().forEach(this::heard);
      }
      coordinator.tick();
    }
  }

  private void later(long millis, Runnable action) {
    events.add(new Event(now + millis, eventNumber++, action));
  }

  private void heard(long storeId) {
    if (!dead.contains(storeId)) {
      coordinator.cluster().heard(StoreStats.newBuilder().setStoreId(storeId).build(), now);
    }
  }

  private void report(SimRegion region) {
    if (dead.contains(region.leader().getStoreId())) {
      return;
    }
    reports++;
    RegionRecord report = region.report(now);
    RegionTree.Offered offered = tree.offer(report);
    if (offered instanceof RegionTree.Offered.Accepted accepted) {
      coordinator.cluster().at(now);
      coordinator.onReport(tree.find(report.id()).orElseThrow(), accepted);
    } else {
      faults.add("stale report of region " + report.id() + ": " + offered);
    }
  }

  /** A message for a region's leader; lost now and then. */
  private void receive(RegionRecord region, RegionHeartbeatResponse message) {
    if (random.nextInt(1_000) == 0) {
      return;
    }
    later(2 + random.nextInt(8), () -> carryOut(message));
  }

  private void carryOut(RegionHeartbeatResponse message) {
    SimRegion region = regions.get(message.getRegionId());
    if (dead.contains(region.leader().getStoreId())) {
      return;
    }
    if (message.hasTransferLeader()
        && dead.contains(message.getTransferLeader().getPeer().getStoreId())) {
      return; // raft tries, and stays with the leader that it has
    }
    long added = region.carryOut(message);
    if (added < 0) {
      return;
    }
    fewestVoters = Math.min(fewestVoters, region.voters());
    if (message.hasChangePeer() && dead.contains(message.getChangePeer().getPeer().getStoreId())) {
      later(2, () -> report(region));
      return; // nothing will catch up there
    }
    if (added > 0) {
      later(
          10 + region.bytes / SNAPSHOT_BYTES_PER_MILLI,
          () -> {
            region.caughtUp(added);
            report(region);
          });
    }
    later(2 + random.nextInt(8), () -> report(region));
  }
}
