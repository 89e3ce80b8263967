package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionIds;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.meta.StoreRegions;
import dev.kittiwake.pd.placement.Isolation;
import dev.kittiwake.pd.placement.RegionFit;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Store;
import java.util.List;
import java.util.Optional;

/**
 * Moves a replica from a store that is full for its weight to one that is less so, keeping the
 * replicas of the region as far apart as they are. It stops while the difference is small, and
 * never makes a move that would be worth taking back.
 */
public final class BalanceRegion implements Scheduler {
  private static final int TRIES = 10; // regions per store
  private static final double TOLERATED = 0.005; // of the regions of the largest store

  @Override
  public String name() {
    return "balance-region-scheduler";
  }

  /** What one decision works with. */
  private record Round(
      ClusterView view, List<Ranking.Place> targets, long toleratedMiB, Decision.Trace trace) {}

  @Override
  public Decision schedule(ClusterView view) {
    Decision.Trace trace = new Decision.Trace(name(), 0);
    if (!view.operators().isBelowLimit(Operator.Kind.REGION, view.config())) {
      return trace.because("as many replicas as may move are moving").nothing();
    }
    List<Ranking.Place> sources =
        Ranking.highestFirst(view, Filters.BALANCE_SOURCE, store -> store.regionScore(0));
    List<Ranking.Place> targets =
        Ranking.lowestFirst(view, Filters.BALANCE_TARGET, store -> store.regionScore(0));
    if (sources.isEmpty() || targets.isEmpty()) {
      return trace.because("no store may give, or none may take a replica").nothing();
    }
    Round round = new Round(view, targets, tolerated(view), trace);
    Ranking.Place lowest = targets.get(0);
    for (Ranking.Place source : sources) {
      if (lowest.score() >= source.store().regionScore(-round.toleratedMiB())) {
        break;
      }
      Optional<Decision> move = tryStore(source.store(), round);
      if (move.isPresent()) {
        return move.get();
      }
    }
    Ranking.Place highest = sources.get(0);
    return trace
        .because(
            "fullest: store "
                + highest.store().id()
                + " with "
                + highest.store().replicas()
                + " replicas, "
                + highest.store().replicaMiB()
                + " MiB, emptiest: store "
                + lowest.store().id()
                + " with "
                + lowest.store().replicas()
                + " replicas, "
                + lowest.store().replicaMiB()
                + " MiB, nothing to move")
        .nothing();
  }

  /** Whether a move of this region's replica would be made. */
  static boolean isWorth(
      StoreView source, StoreView target, RegionRecord region, long toleratedMiB) {
    long mib = region.countedMiB();
    return target.id() != source.id()
        && target.regionScore(0) < source.regionScore(-toleratedMiB)
        && target.regionScore(mib) <= source.regionScore(-mib);
  }

  /** How far sizes may differ without a move. */
  static long tolerated(ClusterView view) {
    long replicas = 0;
    long mib = 0;
    int most = 0;
    for (StoreView store : view.stores()) {
      int own = store.regions().all().size();
      replicas += own;
      mib += store.regions().replicaMiB();
      most = Math.max(most, own);
    }
    double average = replicas == 0 ? 1 : (double) mib / replicas;
    return Math.max(1, Math.round(Math.max(1, TOLERATED * most) * average));
  }

  /** Lagging replicas first, then followers, leaders, learners. */
  private Optional<Decision> tryStore(StoreView source, Round round) {
    StoreRegions regions = source.regions();
    for (RegionIds ids :
        List.of(regions.pending(), regions.followers(), regions.leaders(), regions.learners())) {
      int count = Math.min(TRIES, ids.size());
      int from = ids.isEmpty() ? 0 : round.view().random().nextInt(ids.size());
      for (int i = 0; i < count; i++) {
        RegionRecord region = round.view().region(ids.at((from + i) % ids.size())).orElseThrow();
        Optional<Decision> move = tryRegion(region, source, round);
        if (move.isPresent()) {
          return move;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Decision> tryRegion(RegionRecord region, StoreView source, Round round) {
    ClusterView view = round.view();
    if (view.isBusy(region.id())
        || !isMovable(region, source)
        || MergeChecker.isHot(region, view)) {
      return Optional.empty();
    }
    Rule rule = view.rules().of(region.range()).get(0);
    List<Store> others = List.of();
    double floor = 0;
    if (!Fits.isPlainlyGood(region, view)) {
      RegionFit fit = Fits.of(region, view);
      Peer peer = region.peerOn(source.id()).orElseThrow();
      Optional<RegionFit.RuleFit> own = fit.of(peer);
      if (own.isEmpty() || fit.fits().stream().anyMatch(one -> !one.isSatisfied())) {
        return Optional.empty();
      }
      rule = own.get().rule();
      others = TargetStore.stores(own.get().peers(), peer, view);
      floor =
          rule.locationLabels().isEmpty()
              ? 0
              : Isolation.score(source.store(), others, rule.locationLabels());
    }
    List<StoreFilter> filters =
        List.of(
            new ReplicaFilter(region),
            new RuleFilter(rule),
            new IsolationFilter(rule, others, floor),
            new ReturnFilter(region));
    for (Ranking.Place target : round.targets()) {
      if (target.score() >= source.regionScore(-round.toleratedMiB())) {
        break;
      }
      if (isWorth(source, target.store(), region, round.toleratedMiB())
          && Filters.passes(filters, target.store(), view)) {
        return move(region, source, target.store(), round);
      }
    }
    return Optional.empty();
  }

  /** All replicas are well, but for the one that is to go. */
  private static boolean isMovable(RegionRecord region, StoreView source) {
    if (!region.hasLeader() || !region.downPeers().isEmpty() || region.isJoint()) {
      return false;
    }
    long own = region.peerOn(source.id()).orElseThrow().getId();
    for (Peer pending : region.pendingPeers()) {
      if (pending.getId() != own) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Decision> move(
      RegionRecord region, StoreView source, StoreView target, Round round) {
    Rearrangement plan = new Rearrangement(region, round.view()).without(source.id());
    boolean learns = region.peerOn(source.id()).orElseThrow().getRole() == PeerRole.Learner;
    Optional<Operator> operator =
        (learns ? plan.learner(target.id()) : plan.voter(target.id()))
            .plan("balance-region", Operator.Kind.REGION);
    if (operator.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        round
            .trace()
            .scored(source.id(), source.regionScore(0), false)
            .scored(target.id(), target.regionScore(0), true)
            .because(
                "store "
                    + source.id()
                    + " holds "
                    + source.replicas()
                    + " replicas, "
                    + source.replicaMiB()
                    + " MiB, store "
                    + target.id()
                    + " holds "
                    + target.replicas()
                    + ", "
                    + target.replicaMiB()
                    + " MiB")
            .decide(operator.get()));
  }
}
