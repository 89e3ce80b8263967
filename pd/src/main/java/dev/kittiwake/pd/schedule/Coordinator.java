package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.meta.RegionTree;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Lets checkers and schedulers work and sends what they decide: checkers when a region reports
 * something new, and on a patrol through all regions; schedulers in their own time. Confined to one
 * thread; no clock: time comes with the cluster.
 */
public final class Coordinator {
  private static final int REMEMBERED = 10_000;
  private static final int MOVES_PER_TICK = 64; // of one scheduler
  private static final long PUSH_MILLIS = 500;

  /** A new leader waits that long for missing reports before it schedules. */
  private static final long WAIT_FOR_REPORTS_MILLIS = 5 * 60_000;

  private final ScheduleCluster cluster;
  private final BiConsumer<RegionRecord, RegionHeartbeatResponse> outbox;
  private final Consumer<Decision> started;
  private final List<Checker> checkers =
      List.of(
          new JointStateChecker(),
          new SplitChecker(),
          new ReplicaChecker(),
          new RuleChecker(),
          new LearnerChecker());
  private final Checker mergeChecker = new MergeChecker();
  private final SchedulerSet schedulers = new SchedulerSet();
  private final Scatterer scatterer = new Scatterer();
  private final LinkedHashMap<Long, Decision> decisions = new LinkedHashMap<>(); // newest last
  private PlacementSettings configured = PlacementSettings.NONE;
  private long patrolFrom; // id of the region to look at next
  private long leadsSinceMillis = -1;
  private long pushedMillis;
  private long mergePausedUntilMillis;

  /**
   * @param outbox gets what a region's leader is to be told
   * @param started is told of each decision that started operators
   */
  public Coordinator(
      ScheduleCluster cluster,
      BiConsumer<RegionRecord, RegionHeartbeatResponse> outbox,
      Consumer<Decision> started) {
    this.cluster = cluster;
    this.outbox = outbox;
    this.started = started;
  }

  public ScheduleCluster cluster() {
    return cluster;
  }

  public SchedulerSet schedulers() {
    return schedulers;
  }

  /** Everything that was learned is forgotten, e.g. because another member leads. */
  public void clear() {
    cluster.clear();
    decisions.clear();
    scatterer.clear();
    leadsSinceMillis = -1;
    patrolFrom = 0;
  }

  /** The settings that hold from now on. */
  public void configure(ScheduleConfig config, PlacementSettings settings) {
    cluster.configure(config, settings);
    if (!settings.equals(configured)) {
      configured = settings;
      schedulers.configure(settings.schedulers());
      tellStores();
    }
  }

  /** A store is registered or has another state or other labels. */
  public void putStore(Store store) {
    boolean isNew = cluster.store(store.getId()).isEmpty();
    cluster.put(store);
    if (isNew) {
      tellStores();
    }
  }

  /** Which stores get or keep leaders, whatever the balance. */
  private void tellStores() {
    SortedMap<Long, String> refusals = schedulers.leaderRefusals();
    SortedMap<Long, String> holds = schedulers.leaderHolds();
    for (StoreView store : cluster.stores()) {
      store.refuseLeaders(refusals.getOrDefault(store.id(), ""));
      store.holdLeaders(holds.getOrDefault(store.id(), ""));
    }
  }

  /** A region has reported and was taken into the tree. */
  public void onReport(RegionRecord region, RegionTree.Offered.Accepted accepted) {
    cluster.reported(region, accepted);
    if (!cluster.operators().isBusy(region.id()) && !cluster.isSettled(region) && maySchedule()) {
      check(region);
    }
    advance(region);
  }

  /** Sends the current step of the region's operator, if it has one. */
  private void advance(RegionRecord region) {
    if (cluster.operators().isBusy(region.id())) {
      cluster
          .operators()
          .onHeartbeat(region, cluster.nowMillis())
          .ifPresent(message -> outbox.accept(region, message));
    }
  }

  /** Whether enough of the cluster is known: nine of ten regions, or it was waited long enough. */
  public boolean maySchedule() {
    if (leadsSinceMillis < 0) {
      leadsSinceMillis = cluster.nowMillis();
    }
    return cluster.tree().withLeader() * 10L >= cluster.tree().size() * 9L
        || cluster.nowMillis() - leadsSinceMillis >= WAIT_FOR_REPORTS_MILLIS;
  }

  /** No merges for a while; 0 or less: go on. */
  public void pauseMerges(long millis) {
    mergePausedUntilMillis = cluster.nowMillis() + Math.max(0, millis);
  }

  public boolean mergesArePaused() {
    return cluster.nowMillis() < mergePausedUntilMillis;
  }

  /** The first checker that has something to do decides; else the last word is remembered. */
  private void check(RegionRecord region) {
    boolean settled = true;
    Decision blocked = null;
    for (Checker checker : checkers) {
      Decision decision = checker.check(region, cluster);
      if (!decision.operators().isEmpty()) {
        start(decision);
        return;
      }
      settled &= decision.settled();
      if (!decision.settled() && blocked == null) {
        blocked = decision;
      }
    }
    if (settled) {
      cluster.settle(region);
      decisions.remove(region.id());
    } else {
      remember(blocked);
    }
  }

  private void checkMerge(RegionRecord region) {
    if (region.load().approximateBytes()
            <= cluster.config().number(ScheduleSetting.MAX_MERGE_REGION_SIZE)
        && cluster.tree().size() > 1
        && !mergesArePaused()) {
      Decision decision = mergeChecker.check(region, cluster);
      if (!decision.operators().isEmpty()) {
        start(decision);
      }
    }
  }

  /** Starts the operators of a decision. Answers whether they were accepted. */
  private boolean start(Decision decision) {
    Optional<String> refused =
        cluster.operators().offer(decision.operators(), cluster.config(), cluster.nowMillis());
    if (refused.isPresent()) {
      remember(decision.and("not started: " + refused.get()));
      return false;
    }
    remember(decision);
    started.accept(decision);
    for (Operator operator : decision.operators()) {
      cluster.region(operator.regionId()).ifPresent(this::advance);
    }
    return true;
  }

  private void remember(Decision decision) {
    decisions.remove(decision.regionId());
    decisions.put(decision.regionId(), decision);
    if (decisions.size() > REMEMBERED) {
      decisions.remove(decisions.keySet().iterator().next());
    }
  }

  /** What is due now: steps that were lost are sent again, some regions and all moves checked. */
  public void tick() {
    long now = cluster.nowMillis();
    if (now - pushedMillis >= PUSH_MILLIS) {
      pushedMillis = now;
      cluster.refresh();
      giveUpLostStores();
      for (long regionId : cluster.operators().tick(now)) {
        cluster.region(regionId).ifPresent(this::advance);
      }
    }
    if (maySchedule()) {
      patrol();
      balance();
    }
  }

  /** What waits for a store that is not heard of would wait for long: the region has other ways. */
  private void giveUpLostStores() {
    for (OperatorController.Progress progress : List.copyOf(cluster.operators().running())) {
      long needed = progress.current().neededStore();
      if (needed != 0 && cluster.store(needed).filter(StoreView::answers).isEmpty()) {
        cluster
            .operators()
            .cancel(
                progress.operator().regionId(),
                "store " + needed + " does not answer",
                cluster.nowMillis());
      }
    }
  }

  private void patrol() {
    int batch = (int) cluster.config().number(ScheduleSetting.PATROL_REGION_BATCH);
    List<RegionRecord> looked = new ArrayList<>(batch);
    for (RegionRecord region : cluster.tree().fromId(patrolFrom)) {
      if (looked.size() == batch) {
        break;
      }
      looked.add(region);
    }
    patrolFrom = looked.size() < batch ? 0 : looked.get(looked.size() - 1).id() + 1;
    for (RegionRecord region : looked) {
      if (!region.hasLeader() || cluster.operators().isBusy(region.id())) {
        continue;
      }
      if (!cluster.isSettled(region)) {
        check(region);
      }
      if (!cluster.operators().isBusy(region.id())) {
        checkMerge(region);
      }
    }
  }

  private void balance() {
    long now = cluster.nowMillis();
    for (SchedulerSet.Entry entry : List.copyOf(schedulers.entries())) {
      for (int i = 0; i < MOVES_PER_TICK && entry.isDue(now); i++) {
        Map<Long, String> refusals = entry.scheduler().leaderRefusals();
        Decision decision = entry.scheduler().schedule(cluster);
        boolean moved = !decision.operators().isEmpty() && start(decision);
        entry.decided(decision, moved, cluster.config(), now);
        if (!refusals.equals(entry.scheduler().leaderRefusals())) {
          tellStores();
        }
      }
    }
  }

  /** Spreads a region away from the others of its group. */
  public Decision scatter(long regionId, String group) {
    Optional<RegionRecord> region = cluster.region(regionId);
    if (region.isEmpty()) {
      return new Decision(
          "scatter", regionId, List.of("is not known"), List.of(), List.of(), false);
    }
    Decision decision = scatterer.scatter(region.get(), group, cluster);
    if (!decision.operators().isEmpty()) {
      start(decision);
    }
    return decision;
  }

  /**
   * Starts what an operator of the cluster asks for, all or none of it.
   *
   * @return why not; empty if it was started
   */
  public Optional<String> submit(List<Operator> operators) {
    Optional<String> refused =
        cluster.operators().offer(operators, cluster.config(), cluster.nowMillis());
    if (refused.isEmpty()) {
      Decision decision =
          new Decision(
              "admin",
              operators.get(0).regionId(),
              List.of("asked for"),
              List.of(),
              operators,
              false);
      remember(decision);
      started.accept(decision);
      for (Operator operator : operators) {
        cluster.region(operator.regionId()).ifPresent(this::advance);
      }
    }
    return refused;
  }

  /** The newest decision about the region that did or wanted something. */
  public Optional<Decision> lastDecision(long regionId) {
    return Optional.ofNullable(decisions.get(regionId));
  }

  /** All checkers in the order in which they are asked. */
  List<Checker> checkers() {
    List<Checker> all = new ArrayList<>(checkers);
    all.add(mergeChecker);
    return all;
  }
}
