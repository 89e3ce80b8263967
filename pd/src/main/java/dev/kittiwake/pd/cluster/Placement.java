package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.meta.ChangeStoreState;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.schedule.BalanceLeader;
import dev.kittiwake.pd.schedule.Checker;
import dev.kittiwake.pd.schedule.Decision;
import dev.kittiwake.pd.schedule.JointStateChecker;
import dev.kittiwake.pd.schedule.LearnerChecker;
import dev.kittiwake.pd.schedule.OperatorController;
import dev.kittiwake.pd.schedule.ReplicaChecker;
import dev.kittiwake.pd.schedule.Scheduler;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.ResponseHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets checkers and schedulers work and sends what they decide: on each heartbeat for that region,
 * and on a patrol through all regions. Confined to the loop.
 */
public final class Placement {
  private static final Logger log = LoggerFactory.getLogger(Placement.class);
  private static final int PATROL_BATCH = 128;
  private static final int REMEMBERED = 10_000;

  /** A new leader waits that long for missing reports before it schedules. */
  private static final long WAIT_FOR_REPORTS_MILLIS = 5 * 60_000;

  private final PdCluster cluster;
  private final OperatorController operators = new OperatorController();
  private final List<Checker> checkers =
      List.of(new JointStateChecker(), new ReplicaChecker(), new LearnerChecker());
  private final List<Scheduler> schedulers = List.of(new BalanceLeader());
  private final Map<Long, Decision> decisions = new LinkedHashMap<>(); // newest last, by region
  private long patrolFrom; // id of the region to look at next
  private long leadsSinceMillis = -1;

  Placement(PdCluster cluster) {
    this.cluster = cluster;
  }

  void clear() {
    operators.clear();
    decisions.clear();
    leadsSinceMillis = -1;
  }

  public OperatorController operators() {
    return operators;
  }

  /** Why the region is left as it is, or what is being done: the newest decision that was taken. */
  public Optional<Decision> why(long regionId) {
    return Optional.ofNullable(decisions.get(regionId));
  }

  void onHeartbeat(RegionRecord region) {
    long now = cluster.elapsedMillis();
    if (!operators.isBusy(region.id()) && maySchedule(now)) {
      check(region, view());
    }
    operators.onHeartbeat(region, now).ifPresent(message -> push(region, message));
  }

  private LiveView view() {
    return new LiveView(cluster);
  }

  /** A new leader knows little: it waits until nine of ten regions have reported. */
  private boolean maySchedule(long now) {
    if (leadsSinceMillis < 0) {
      leadsSinceMillis = now;
    }
    return cluster.tree().withLeader() * 10L >= cluster.tree().size() * 9L
        || now - leadsSinceMillis >= WAIT_FOR_REPORTS_MILLIS;
  }

  /** The first checker that has something to do decides; else the last word is remembered. */
  private void check(RegionRecord region, LiveView view) {
    List<String> reasons = new ArrayList<>();
    for (Checker checker : checkers) {
      Decision decision = checker.check(region, view);
      if (decision.operator().isPresent()) {
        start(decision);
        return;
      }
      decision.reasons().forEach(reason -> reasons.add(checker.name() + ": " + reason));
    }
    remember(new Decision("checkers", region.id(), reasons, Optional.empty()));
  }

  private void start(Decision decision) {
    Optional<String> refused =
        operators.offer(
            decision.operator().orElseThrow(), cluster.scheduleConfig(), cluster.elapsedMillis());
    List<String> reasons = new ArrayList<>(decision.reasons());
    refused.ifPresent(reason -> reasons.add("not started: " + reason));
    remember(new Decision(decision.policy(), decision.regionId(), reasons, decision.operator()));
    if (refused.isEmpty()) {
      log.info("event=operator_start policy={} {}", decision.policy(), decision.operator().get());
    }
  }

  private void remember(Decision decision) {
    decisions.remove(decision.regionId());
    decisions.put(decision.regionId(), decision);
    if (decisions.size() > REMEMBERED) {
      decisions.remove(decisions.keySet().iterator().next());
    }
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
    long now = cluster.elapsedMillis();
    for (long regionId : operators.tick(now)) {
      cluster
          .tree()
          .find(regionId)
          .ifPresent(
              region ->
                  operators.onHeartbeat(region, now).ifPresent(message -> push(region, message)));
    }
    if (maySchedule(now)) {
      patrol();
      balance();
    }
    buryDrainedStores();
  }

  private void patrol() {
    List<RegionRecord> batch =
        cluster.tree().fromId(patrolFrom).stream().limit(PATROL_BATCH).toList();
    patrolFrom = batch.size() < PATROL_BATCH ? 0 : batch.get(batch.size() - 1).id() + 1;
    LiveView view = view();
    for (RegionRecord region : batch) {
      if (region.hasLeader() && !operators.isBusy(region.id())) {
        check(region, view);
        sendFirstStep(region);
      }
    }
  }

  private void balance() {
    for (Scheduler scheduler : schedulers) {
      Decision decision = scheduler.schedule(view());
      if (decision.operator().isPresent()) {
        start(decision);
        cluster.tree().find(decision.regionId()).ifPresent(this::sendFirstStep);
      }
    }
  }

  private void sendFirstStep(RegionRecord region) {
    if (operators.isBusy(region.id())) {
      operators
          .onHeartbeat(region, cluster.elapsedMillis())
          .ifPresent(message -> push(region, message));
    }
  }

  /** A store that is being drained and holds nothing any more is gone. */
  private void buryDrainedStores() {
    SortedSet<Long> drained = new TreeSet<>();
    for (Store store : cluster.meta().stores()) {
      if (store.getState() == StoreState.Offline
          && cluster.tree().peersOn(store.getId()).isEmpty()) {
        drained.add(store.getId());
      }
    }
    for (long storeId : drained) {
      cluster
          .propose(new ChangeStoreState(storeId, StoreState.Tombstone))
          .whenComplete(
              (outcome, failure) ->
                  log.info(
                      "event=store_drained store={} outcome={}",
                      storeId,
                      failure == null ? outcome : failure.toString()));
    }
  }
}
