package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.meta.ChangeStoreState;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.meta.RegionTree;
import dev.kittiwake.pd.schedule.Coordinator;
import dev.kittiwake.pd.schedule.Decision;
import dev.kittiwake.pd.schedule.OperatorController;
import dev.kittiwake.pd.schedule.PlacementSettings;
import dev.kittiwake.pd.schedule.ScheduleCluster;
import dev.kittiwake.pd.schedule.ScheduleConfig;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import dev.kittiwake.pd.schedule.SchedulerSet;
import dev.kittiwake.pd.schedule.StoreView;
import dev.kittiwake.pd.schedule.Why;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.ResponseHeader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the {@link Coordinator} decides: gives it reports, settings and time, and pushes
 * its messages. Confined to the loop.
 */
public final class Placement {
  private static final Logger log = LoggerFactory.getLogger(Placement.class);
  private static final ScheduleConfig RESTING = resting();

  private final PdCluster cluster;
  private final Coordinator coordinator;
  private final Map<Long, StoreTable.Heard> told = new HashMap<>(); // by store, only looked up
  private final SpaceWatch space = new SpaceWatch();
  private final SortedSet<Long> burying = new TreeSet<>();
  private Map<String, String> settings = Map.of(); // as last read
  private boolean configured; // some settings could be used

  Placement(PdCluster cluster) {
    this.cluster = cluster;
    this.coordinator =
        new Coordinator(
            new ScheduleCluster(
                cluster.tree(), cluster.runtime().random(), () -> cluster.idAllocator().next()),
            this::push,
            decision ->
                decision
                    .operators()
                    .forEach(
                        operator ->
                            log.info(
                                "event=operator_start policy={} {}", decision.policy(), operator)));
  }

  void clear() {
    coordinator.clear();
    told.clear();
    space.clear();
    burying.clear();
  }

  public OperatorController operators() {
    return coordinator.cluster().operators();
  }

  /** The scheduling state as of now. */
  public Coordinator coordinator() {
    update();
    return coordinator;
  }

  /** What was last decided about the region, if anything was to be done. */
  public Optional<Decision> why(long regionId) {
    return coordinator.lastDecision(regionId);
  }

  /** Why the region is where it is and is not moved; none for one that is not known. */
  public Optional<Why.Answer> explain(long regionId) {
    return new Why(coordinator()).region(regionId);
  }

  /** Tells the coordinator the time, the settings and what stores have said since. */
  private void update() {
    ScheduleCluster state = coordinator.cluster();
    state.at(cluster.elapsedMillis());
    Map<String, String> now = cluster.settings();
    if (!now.equals(settings)) {
      settings = now;
      configure(now);
    }
    if (state.stores().size() > cluster.meta().stores().size()) {
      state.retain(cluster.meta().stores().stream().map(Store::getId).toList());
    }
    for (Store store : cluster.meta().stores()) {
      coordinator.putStore(store);
      StoreTable.Heard heard = cluster.storeTable().find(store.getId()).orElse(null);
      if (heard != null && told.put(store.getId(), heard) != heard) {
        state.heard(heard.stats(), heard.heardNanos() / 1_000_000);
        state.store(store.getId()).ifPresent(view -> look(view, state.config()));
      }
    }
  }

  /**
   * Changes are checked before they are made, but the state may be of another program. What cannot
   * be used is not: the settings before it hold on. Without any, nothing is moved or collected
   * until somebody has looked; a guess could take away replicas that are wanted.
   */
  private void configure(Map<String, String> now) {
    try {
      ScheduleConfig config = ScheduleConfig.of(now);
      PlacementSettings placed = PlacementSettings.of(now);
      placed.rules(config);
      placed.schedulers().forEach(Placement::checkScheduler);
      coordinator.configure(config, placed);
      configured = true;
    } catch (IllegalArgumentException e) {
      log.error(
          "event=unusable_settings {}: {} until the settings are put right",
          e.getMessage(),
          configured ? "the settings before hold on" : "nothing is moved and no garbage collected");
      if (!configured) {
        coordinator.configure(RESTING, PlacementSettings.NONE);
      }
    }
  }

  private static void checkScheduler(String name, String argument) {
    if (!argument.equals("off")) {
      SchedulerSet.create(name, argument);
    }
  }

  private static ScheduleConfig resting() {
    TreeMap<String, String> values = new TreeMap<>();
    values.put(ScheduleSetting.LEADER_SCHEDULE_LIMIT.key(), "0");
    values.put(ScheduleSetting.REGION_SCHEDULE_LIMIT.key(), "0");
    values.put(ScheduleSetting.REPLICA_SCHEDULE_LIMIT.key(), "0");
    values.put(ScheduleSetting.MERGE_SCHEDULE_LIMIT.key(), "0");
    values.put(ScheduleSetting.HOT_REGION_SCHEDULE_LIMIT.key(), "0");
    values.put(ScheduleSetting.GC_ENABLE.key(), "false");
    return ScheduleConfig.of(values);
  }

  private void look(StoreView store, ScheduleConfig config) {
    space.look(store.id(), 1 - store.availableRatio(), config.lowSpaceRatio()).ifPresent(log::warn);
  }

  void onReport(RegionRecord region, RegionTree.Offered.Accepted accepted) {
    ScheduleCluster state = coordinator.cluster();
    state.at(cluster.elapsedMillis());
    if (state.stores().size() != cluster.meta().stores().size()) {
      update();
    }
    coordinator.onReport(region, accepted);
  }

  private void push(RegionRecord region, RegionHeartbeatResponse message) {
    RegionHeartbeatResponse addressed =
        message.toBuilder()
            .setHeader(ResponseHeader.newBuilder().setClusterId(cluster.meta().clusterId()))
            .build();
    if (!cluster.streams().push(region.leader().getStoreId(), addressed)) {
      log.debug("event=no_stream store={} region={}", region.leader().getStoreId(), region.id());
    }
  }

  /** Sends a message to the region's leader outside of any operator. */
  public boolean send(RegionRecord region, RegionHeartbeatResponse.Builder message) {
    return cluster
        .streams()
        .push(
            region.leader().getStoreId(),
            message
                .setHeader(ResponseHeader.newBuilder().setClusterId(cluster.meta().clusterId()))
                .setRegionId(region.id())
                .setRegionEpoch(region.region().getRegionEpoch())
                .setTargetPeer(region.leader())
                .build());
  }

  void tick() {
    if (!cluster.meta().isBootstrapped()) {
      return;
    }
    update();
    coordinator.tick();
    buryDrainedStores();
  }

  /** A store that is being drained and holds nothing any more is gone. */
  private void buryDrainedStores() {
    for (Store store : cluster.meta().stores()) {
      long storeId = store.getId();
      if (store.getState() != StoreState.Offline
          || !cluster.tree().isSurelyEmpty(storeId)
          || !coordinator.maySchedule()
          || !burying.add(storeId)) {
        continue;
      }
      cluster
          .propose(new ChangeStoreState(storeId, StoreState.Tombstone))
          .whenComplete(
              (outcome, failure) -> {
                burying.remove(storeId);
                log.info(
                    "event=store_drained store={} outcome={}",
                    storeId,
                    failure == null ? outcome : failure.toString());
              });
    }
  }
}
