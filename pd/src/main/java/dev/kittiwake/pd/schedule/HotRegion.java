package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.hot.Dimension;
import dev.kittiwake.pd.hot.Flow;
import dev.kittiwake.pd.hot.RegionHeat;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.placement.Isolation;
import dev.kittiwake.pd.placement.RegionFit;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Moves hot regions away from the stores with the most to do: reads by handing over the lead or
 * moving the leader's replica, writes by moving replicas and by handing over the lead. A move must
 * leave the target with less than the source had, so that no two moves undo each other.
 */
public final class HotRegion implements Scheduler {
  static final String NAME = "balance-hot-region-scheduler";
  private static final double TOLERATED = 1.02; // times the average: is even enough
  private static final double OTHERS_TOLERATED = 1.05; // what a move may do to other dimensions
  private static final int CANDIDATES = 60; // hottest regions of a store

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
    Load[] loads = Load.values();
    for (int i = 0; i < loads.length; i++) {
      Load load = loads[(turn + i) % loads.length];
      for (Dimension dimension : Dimension.values()) {
        Optional<Decision> move = balance(load, dimension, view, trace);
        if (move.isPresent()) {
          turn = (turn + i + 1) % loads.length;
          return move.get();
        }
      }
    }
    return trace.nothing();
  }

  private Optional<Decision> balance(
      Load load, Dimension dimension, ClusterView view, Decision.Trace trace) {
    List<StoreView> stores = new ArrayList<>();
    double sum = 0;
    for (StoreView store : view.stores()) {
      if (store.serves()) {
        stores.add(store);
        sum += load.of(store, dimension);
      }
    }
    if (sum == 0) {
      return Optional.empty();
    }
    double average = sum / stores.size();
    ToLongFunction<StoreView> heat = store -> load.of(store, dimension);
    stores.sort((a, b) -> Long.compare(heat.applyAsLong(b), heat.applyAsLong(a)));
    for (StoreView source : stores) {
      if (heat.applyAsLong(source) <= average * TOLERATED) {
        break;
      }
      if (isInvolved(source.id(), view)) {
        continue;
      }
      for (RegionHeat hot : hottest(source, load, dimension, view)) {
        Optional<Decision> move =
            move(hot, source, stores, new Aim(load, dimension, average), view, trace);
        if (move.isPresent()) {
          return move;
        }
      }
      trace.because(
          load.text
              + " "
              + dimension
              + ": store "
              + source.id()
              + " has "
              + heat.applyAsLong(source)
              + "/s, on average "
              + Math.round(average)
              + "/s, no region to move");
    }
    return Optional.empty();
  }

  private record Aim(Load load, Dimension dimension, double average) {}

  /** One hot move per store at a time: two could undo what each of them should do. */
  private static boolean isInvolved(long storeId, ClusterView view) {
    for (OperatorController.Progress progress :
        view.operators().running(Operator.Kind.HOT_REGION)) {
      for (OperatorStep step : progress.operator().steps()) {
        if ((step instanceof OperatorStep.AddLearner add && add.storeId() == storeId)
            || (step instanceof OperatorStep.RemovePeer gone && gone.storeId() == storeId)
            || (step instanceof OperatorStep.TransferLeader lead && lead.storeId() == storeId)) {
          return true;
        }
      }
      if (progress.operator().leaderStore() == storeId) {
        return true;
      }
    }
    return false;
  }

  private static List<RegionHeat> hottest(
      StoreView source, Load load, Dimension dimension, ClusterView view) {
    long threshold = view.config().number(ScheduleSetting.HOT_REGION_CACHE_HITS_THRESHOLD);
    int regions =
        load.isOfLeaders() ? source.regions().leaders().size() : source.regions().all().size();
    List<RegionHeat> hot = new ArrayList<>();
    for (RegionHeat heat : source.heat().regions()) {
      boolean leads =
          view.region(heat.regionId())
              .filter(region -> region.leader().getStoreId() == source.id())
              .isPresent();
      if ((leads || !load.isOfLeaders())
          && view.hot().isHot(heat, load.flow, source.id(), threshold, regions)) {
        hot.add(heat);
      }
    }
    hot.sort((a, b) -> Long.compare(b.rate(load.flow, dimension), a.rate(load.flow, dimension)));
    return hot.size() > CANDIDATES ? hot.subList(0, CANDIDATES) : hot;
  }

  /** To the store with the least to do; by the lead alone if that is enough. */
  private Optional<Decision> move(
      RegionHeat hot,
      StoreView source,
      List<StoreView> stores,
      Aim aim,
      ClusterView view,
      Decision.Trace trace) {
    RegionRecord region = view.region(hot.regionId()).orElse(null);
    if (region == null || view.isBusy(region.id()) || !region.isHealthy()) {
      return Optional.empty();
    }
    for (int i = stores.size() - 1; i >= 0; i--) {
      StoreView target = stores.get(i);
      if (!improves(hot, source, target, aim)) {
        break; // the others have more to do
      }
      if (target.id() == source.id()
          || !keepsOthers(hot, source, target, aim, stores)
          || isInvolved(target.id(), view)) {
        continue;
      }
      Optional<Operator> operator =
          region.peerOn(target.id()).isPresent()
              ? handOver(region, target, aim.load(), view)
              : moveReplica(region, source, target, aim.load(), view);
      if (operator.isPresent()) {
        return Optional.of(decide(hot, source, target, aim, operator.get(), trace));
      }
    }
    return Optional.empty();
  }

  private static boolean improves(RegionHeat hot, StoreView source, StoreView target, Aim aim) {
    long rate = hot.rate(aim.load().flow, aim.dimension());
    return rate > 0
        && aim.load().of(target, aim.dimension()) + rate
            < aim.load().of(source, aim.dimension()) - rate * 0.1;
  }

  /** The target must not become a hot spot in another way. */
  private static boolean keepsOthers(
      RegionHeat hot, StoreView source, StoreView target, Aim aim, List<StoreView> stores) {
    for (Dimension dimension : Dimension.values()) {
      if (dimension == aim.dimension()) {
        continue;
      }
      long sum = 0;
      for (StoreView store : stores) {
        sum += aim.load().of(store, dimension);
      }
      double allowed =
          Math.max(
              aim.load().of(source, dimension),
              OTHERS_TOLERATED * sum / Math.max(1, stores.size()));
      if (sum > 0
          && aim.load().of(target, dimension) + hot.rate(aim.load().flow, dimension) > allowed) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Operator> handOver(
      RegionRecord region, StoreView target, Load load, ClusterView view) {
    Peer peer = region.peerOn(target.id()).orElseThrow();
    if (!load.isOfLeaders()
        || !BalanceLeader.mayLead(region, peer)
        || !Filters.passes(Filters.LEADER_TARGET, target, view)
        || !LeaderRoles.allow(region, peer, view)) {
      return Optional.empty();
    }
    return new Rearrangement(region, view)
        .leader(target.id())
        .plan("transfer-" + load.text, Operator.Kind.HOT_REGION);
  }

  private static Optional<Operator> moveReplica(
      RegionRecord region, StoreView source, StoreView target, Load load, ClusterView view) {
    if (load == Load.LEADER_WRITES || !Filters.passes(Filters.BALANCE_TARGET, target, view)) {
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
