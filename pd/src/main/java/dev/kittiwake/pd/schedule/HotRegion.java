package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.hot.Dimension;
import dev.kittiwake.pd.hot.Flow;
import dev.kittiwake.pd.hot.HotStatistics;
import dev.kittiwake.pd.hot.RegionHeat;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.placement.Isolation;
import dev.kittiwake.pd.placement.RegionFit;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Moves hot regions away from the stores with the most to do: reads by handing over the lead or
 * moving the leader's replica, writes by moving replicas and by handing over the lead. A move must
 * leave the target with less than the source had, so that no two moves undo each other.
 */
public final class HotRegion implements Scheduler {
  static final String NAME = "balance-hot-region-scheduler";
  private static final double MOST = 1.03; // times the average: up to here it is even enough
  private static final double LEAST = 0.97;
  private static final int CANDIDATES = 60; // hottest regions of a store
  private static final int SOURCES = 16; // hottest stores that are tried at a time

  /** What is to be evened out. */
  private enum Load {
    READS("hot-read", Flow.READ),
    WRITES("hot-write", Flow.WRITE),
    LEADER_WRITES("hot-write-leader", Flow.WRITE);

    private final String text;
    private final Flow flow;

    Load(String text, Flow flow) {
      this.text = text;
      this.flow = flow;
    }

    long of(StoreView store, Dimension dimension) {
      switch (this) {
        case READS:
          return store.heat().reads(dimension);
        case WRITES:
          return store.heat().writes(dimension);
        default:
          return store.heat().leaderWrites(dimension);
      }
    }

    /** Whether a move of the replica helps, or the lead must move with it. */
    boolean isOfLeaders() {
      return this != WRITES;
    }
  }

  /** What is to be evened out, and what a decision works with. */
  private record Aim(
      Load load,
      Dimension dimension,
      double[][] averages, // by load and dimension
      List<StoreView> stores,
      Set<Long> involved) {
    long of(StoreView store) {
      return load.of(store, dimension);
    }

    double average() {
      return averages[load.ordinal()][dimension.ordinal()];
    }

    long of(RegionHeat hot) {
      return hot.rate(load.flow, dimension);
    }
  }

  private int turn; // which load comes first next time

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Decision schedule(ClusterView view) {
    Decision.Trace trace = new Decision.Trace(name(), 0);
    if (!view.operators().isBelowLimit(Operator.Kind.HOT_REGION, view.config())) {
      return trace.because("as many hot regions as may move are moving").nothing();
    }
    List<StoreView> stores = new ArrayList<>();
    for (StoreView store : view.stores()) {
      if (store.serves()) {
        stores.add(store);
      }
    }
    Set<Long> involved = involved(view);
    Load[] loads = Load.values();
    double[][] averages = new double[loads.length][];
    for (Load load : loads) {
      averages[load.ordinal()] = averages(load, stores);
    }
    for (int i = 0; i < loads.length; i++) {
      Load load = loads[(turn + i) % loads.length];
      for (Dimension dimension : Dimension.values()) {
        Aim aim = new Aim(load, dimension, averages, stores, involved);
        Optional<Decision> move = aim.average() == 0 ? Optional.empty() : balance(aim, view, trace);
        if (move.isPresent()) {
          turn = (turn + i + 1) % loads.length;
          return move.get();
        }
      }
    }
    return trace.nothing();
  }

  private static double[] averages(Load load, List<StoreView> stores) {
    double[] averages = new double[Dimension.values().length];
    for (Dimension dimension : Dimension.values()) {
      double sum = 0;
      for (StoreView store : stores) {
        sum += load.of(store, dimension);
      }
      averages[dimension.ordinal()] = stores.isEmpty() ? 0 : sum / stores.size();
    }
    return averages;
  }

  private Optional<Decision> balance(Aim aim, ClusterView view, Decision.Trace trace) {
    aim.stores().sort((a, b) -> Long.compare(aim.of(b), aim.of(a)));
    long least = aim.of(aim.stores().get(aim.stores().size() - 1));
    int tried = 0;
    for (StoreView source : aim.stores()) {
      double enough = least < aim.average() * LEAST ? aim.average() : aim.average() * MOST;
      if (aim.of(source) <= enough || tried == SOURCES) {
        break;
      }
      if (aim.involved().contains(source.id())) {
        continue;
      }
      tried++;
      for (RegionHeat hot : hottest(source, aim, view)) {
        Optional<Decision> move = move(hot, source, aim, view, trace);
        if (move.isPresent()) {
          return move;
        }
      }
      trace.because(
          aim.load().text
              + " "
              + aim.dimension()
              + ": store "
              + source.id()
              + " has "
              + aim.of(source)
              + "/s, on average "
              + Math.round(aim.average())
              + "/s, no region to move");
    }
    return Optional.empty();
  }

  /** One hot move per store at a time: two could undo what each of them should do. */
  private static Set<Long> involved(ClusterView view) {
    Set<Long> stores = new HashSet<>();
    for (OperatorController.Progress progress :
        view.operators().running(Operator.Kind.HOT_REGION)) {
      stores.add(progress.operator().leaderStore());
      for (OperatorStep step : progress.operator().steps()) {
        if (step instanceof OperatorStep.AddLearner add) {
          stores.add(add.storeId());
        } else if (step instanceof OperatorStep.RemovePeer gone) {
          stores.add(gone.storeId());
        } else if (step instanceof OperatorStep.TransferLeader lead) {
          stores.add(lead.storeId());
        }
      }
    }
    return stores;
  }

  private static List<RegionHeat> hottest(StoreView source, Aim aim, ClusterView view) {
    long threshold = view.config().number(ScheduleSetting.HOT_REGION_CACHE_HITS_THRESHOLD);
    boolean leadersOnly = aim.load().isOfLeaders();
    Flow flow = aim.load().flow;
    int regions = leadersOnly ? source.regions().leaders().size() : source.regions().all().size();
    HotStatistics.Bar bar = view.hot().bar(flow, source.id(), regions);
    List<RegionHeat> hot = new ArrayList<>();
    for (RegionHeat heat : source.heat().regions()) {
      if ((!leadersOnly || heat.leaderStore() == source.id())
          && heat.hits(flow) >= threshold
          && bar.isReachedBy(heat)) {
        hot.add(heat);
      }
    }
    hot.sort((a, b) -> Long.compare(aim.of(b), aim.of(a)));
    return hot.size() > CANDIDATES ? hot.subList(0, CANDIDATES) : hot;
  }

  /** To the store with the least to do; by the lead alone if that is enough. */
  private Optional<Decision> move(
      RegionHeat hot, StoreView source, Aim aim, ClusterView view, Decision.Trace trace) {
    RegionRecord region = view.region(hot.regionId()).orElse(null);
    if (region == null || view.isBusy(region.id()) || !region.isHealthy()) {
      return Optional.empty();
    }
    for (int i = aim.stores().size() - 1; i >= 0; i--) {
      StoreView target = aim.stores().get(i);
      if (!improves(hot, source, target, aim)) {
        break; // the others have more to do
      }
      if (target.id() == source.id()
          || aim.involved().contains(target.id())
          || !keepsOthers(hot, region, source, target, aim)) {
        continue;
      }
      Optional<Operator> operator =
          region.peerOn(target.id()).isPresent()
              ? handOver(region, source, target, aim.load(), view)
              : moveReplica(region, source, target, aim.load(), view);
      if (operator.isPresent()) {
        return Optional.of(decide(hot, source, target, aim, operator.get(), trace));
      }
    }
    return Optional.empty();
  }

  private static boolean improves(RegionHeat hot, StoreView source, StoreView target, Aim aim) {
    long rate = aim.of(hot);
    return rate > 0 && aim.of(target) + rate < aim.of(source) - rate * 0.1;
  }

  /**
   * What else goes with the region must not upset the balance of that: it stays within, or mends.
   */
  private static boolean keepsOthers(
      RegionHeat hot, RegionRecord region, StoreView source, StoreView target, Aim aim) {
    boolean leads = region.leader().getStoreId() == source.id();
    boolean replicaMoves = region.peerOn(target.id()).isEmpty();
    for (Load load : Load.values()) {
      boolean stays = load.isOfLeaders() ? !leads : !replicaMoves;
      if (stays || (load == Load.LEADER_WRITES && aim.load() != load)) {
        continue; // what leaders write comes last: it must not hold up the others
      }
      for (Dimension dimension : Dimension.values()) {
        if (load == aim.load() && dimension == aim.dimension()) {
          continue;
        }
        double average = aim.averages()[load.ordinal()][dimension.ordinal()];
        long rate = hot.rate(load.flow, dimension);
        long gives = load.of(source, dimension) - rate;
        long takes = load.of(target, dimension) + rate;
        boolean within = takes <= average * MOST && gives >= average * LEAST;
        if (rate > 0 && average > 0 && !within && takes > gives) {
          return false;
        }
      }
    }
    return true;
  }

  private static Optional<Operator> handOver(
      RegionRecord region, StoreView source, StoreView target, Load load, ClusterView view) {
    Peer peer = region.peerOn(target.id()).orElseThrow();
    if (!load.isOfLeaders()
        || !source.leaderHold().isEmpty()
        || hasJustLed(region, target, view)
        || !BalanceLeader.mayLead(region, peer)
        || !Filters.passes(Filters.LEADER_TARGET, target, view)
        || !LeaderRoles.allow(region, peer, view)) {
      return Optional.empty();
    }
    return new Rearrangement(region, view)
        .leader(target.id())
        .plan("transfer-" + load.text, Operator.Kind.HOT_REGION);
  }

  /** What is measured changes from report to report: that is no reason to take a lead back. */
  private static boolean hasJustLed(RegionRecord region, StoreView target, ClusterView view) {
    return view.sinceLedMillis(region.id(), target.id())
        < view.config().number(ScheduleSetting.REGION_RETURN_INTERVAL);
  }

  private static Optional<Operator> moveReplica(
      RegionRecord region, StoreView source, StoreView target, Load load, ClusterView view) {
    if (load == Load.LEADER_WRITES
        || !Filters.passes(Filters.BALANCE_TARGET, target, view)
        || !new ReturnFilter(region).refuse(target, view).isEmpty()) {
      return Optional.empty();
    }
    RegionFit fit = Fits.of(region, view);
    Peer peer = region.peerOn(source.id()).orElseThrow();
    Optional<RegionFit.RuleFit> own = fit.of(peer);
    if (own.isEmpty() || !fit.isSatisfied()) {
      return Optional.empty();
    }
    Rule rule = own.get().rule();
    List<Store> others = TargetStore.stores(own.get().peers(), peer, view);
    double floor =
        rule.locationLabels().isEmpty()
            ? 0
            : Isolation.score(source.store(), others, rule.locationLabels());
    if (!new RuleFilter(rule).refuse(target, view).isEmpty()
        || !new IsolationFilter(rule, others, floor).refuse(target, view).isEmpty()) {
      return Optional.empty();
    }
    Rearrangement plan = new Rearrangement(region, view).without(source.id()).voter(target.id());
    boolean leads = region.leader().getId() == peer.getId();
    if (leads && load.isOfLeaders()) {
      plan.leader(target.id());
    }
    return plan.plan("move-" + load.text, Operator.Kind.HOT_REGION);
  }

  private static Decision decide(
      RegionHeat hot,
      StoreView source,
      StoreView target,
      Aim aim,
      Operator operator,
      Decision.Trace trace) {
    double average = Math.max(1, aim.average());
    return trace
        .scored(source.id(), aim.load().of(source, aim.dimension()) / average, false)
        .scored(target.id(), aim.load().of(target, aim.dimension()) / average, true)
        .because(
            aim.load().text
                + " "
                + aim.dimension()
                + ": store "
                + source.id()
                + " has "
                + aim.load().of(source, aim.dimension())
                + "/s, store "
                + target.id()
                + " has "
                + aim.load().of(target, aim.dimension())
                + "/s, the region "
                + hot.rate(aim.load().flow, aim.dimension())
                + "/s")
        .decide(operator);
  }
}
