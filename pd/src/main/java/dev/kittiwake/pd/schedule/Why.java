package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.placement.Isolation;
import dev.kittiwake.pd.placement.RegionFit;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Why a region is where it is, and why it is not moved: what each checker says of it now, and what
 * speaks against each store that could take its lead or one of its replicas. Pure: asks, decides
 * nothing.
 */
public final class Why {
  /**
   * A replica and what keeps it.
   *
   * @param rule that wants it; none: it is left over
   */
  public record Seat(Peer peer, boolean leads, String storeState, Optional<Rule> rule) {}

  /**
   * The answer.
   *
   * @param decisions of checkers and balancers, made for the question only
   * @param operator at work on the region, or the last that was
   * @param last decision that did or wanted something
   */
  public record Answer(
      RegionRecord region,
      List<Seat> seats,
      List<Decision> decisions,
      Optional<OperatorController.Progress> operator,
      Optional<Decision> last) {}

  private final Coordinator coordinator;
  private final ClusterView view;

  public Why(Coordinator coordinator) {
    this.coordinator = coordinator;
    this.view = new Question(coordinator.cluster());
  }

  /** None for a region that is not known. */
  public Optional<Answer> region(long regionId) {
    return view.region(regionId).map(this::answer);
  }

  private Answer answer(RegionRecord region) {
    RegionFit fit = Fits.of(region, view);
    List<Seat> seats = new ArrayList<>();
    for (Peer peer : region.peers()) {
      seats.add(
          new Seat(
              peer,
              peer.getId() == region.leader().getId(),
              view.store(peer.getStoreId())
                  .map(store -> store.stateName(view.config()))
                  .orElse("not known"),
              fit.of(peer).map(RegionFit.RuleFit::rule)));
    }
    List<Decision> decisions = new ArrayList<>();
    if (!coordinator.maySchedule()) {
      decisions.add(
          Decision.settled(
              "coordinator",
              region.id(),
              "scheduling waits: only "
                  + view.tree().withLeader()
                  + " of "
                  + view.tree().size()
                  + " regions have reported"));
    }
    coordinator.checkers().forEach(checker -> decisions.add(checker.check(region, view)));
    decisions.add(leader(region));
    for (Peer peer : region.peers()) {
      decisions.add(replica(region, peer, fit));
    }
    return new Answer(
        region,
        seats,
        decisions,
        view.operators().find(region.id()),
        coordinator.lastDecision(region.id()));
  }

  /** What speaks against each replica taking the lead. */
  private Decision leader(RegionRecord region) {
    Decision.Trace trace = new Decision.Trace("balance-leader-scheduler", region.id());
    if (!region.hasLeader()) {
      return trace.because("no leader known").nothing();
    }
    StoreView own = view.store(region.leader().getStoreId()).orElse(null);
    if (own == null) {
      return trace.because("the leader's store is not known").nothing();
    }
    notNow(region, trace);
    String keeps = Filters.refuse(BalanceLeader.SOURCE, own, view);
    if (!keeps.isEmpty()) {
      trace.because("its store " + keeps);
    }
    trace.scored(own.id(), own.leaderScore(0), true);
    for (Peer peer : region.peers()) {
      StoreView store = view.store(peer.getStoreId()).orElse(null);
      if (store == null || store.id() == own.id()) {
        continue;
      }
      String refused = Filters.refuse(Filters.LEADER_TARGET, store, view);
      if (refused.isEmpty() && !BalanceLeader.mayLead(region, peer)) {
        refused = "its replica is down, lagging or no voter";
      }
      if (refused.isEmpty() && !LeaderRoles.allow(region, peer, view)) {
        refused = "its replica may not lead by a rule";
      }
      if (refused.isEmpty() && !BalanceLeader.isWorth(own, store, view)) {
        refused = "leads " + store.leaders() + ", too few less than " + own.leaders();
      }
      offer(store, refused, store.leaderScore(0), trace);
    }
    return trace.settled();
  }

  private static void offer(StoreView store, String refused, double score, Decision.Trace trace) {
    if (refused.isEmpty()) {
      trace.scored(store.id(), score, false);
    } else {
      trace.refused(store.id(), refused);
    }
  }

  private void notNow(RegionRecord region, Decision.Trace trace) {
    if (view.isBusy(region.id())) {
      trace.because("has an operator");
    }
    if (!region.isHealthy()) {
      trace.because("has a replica that is missing, lagging or learning");
    }
    if (MergeChecker.isHot(region, view)) {
      trace.because("is hot: only its heat moves it");
    }
  }

  /** What speaks against each store taking this replica. */
  private Decision replica(RegionRecord region, Peer peer, RegionFit fit) {
    Decision.Trace trace = new Decision.Trace("balance-region-scheduler", region.id());
    trace.because("replica " + peer.getId() + " on store " + peer.getStoreId());
    StoreView source = view.store(peer.getStoreId()).orElse(null);
    Optional<RegionFit.RuleFit> own = fit.of(peer);
    if (source == null || own.isEmpty()) {
      return trace.because("no rule wants it").nothing();
    }
    notNow(region, trace);
    String gives = Filters.refuse(Filters.BALANCE_SOURCE, source, view);
    if (!gives.isEmpty()) {
      trace.because("its store " + gives);
    }
    Rule rule = own.get().rule();
    List<Store> others = TargetStore.stores(own.get().peers(), peer, view);
    double floor =
        rule.locationLabels().isEmpty()
            ? 0
            : Isolation.score(source.store(), others, rule.locationLabels());
    List<StoreFilter> filters =
        List.of(
            new ReplicaFilter(region),
            new RuleFilter(rule),
            new IsolationFilter(rule, others, floor),
            new ReturnFilter(region));
    trace.scored(source.id(), source.regionScore(0), true);
    long tolerated = BalanceRegion.tolerated(view);
    for (StoreView store : view.stores()) {
      if (store.id() == source.id() || store.isTombstone()) {
        continue;
      }
      String refused = Filters.refuse(filters, store, view);
      if (refused.isEmpty()) {
        refused = Filters.refuse(Filters.BALANCE_TARGET, store, view);
      }
      if (refused.isEmpty() && !BalanceRegion.isWorth(source, store, region, tolerated)) {
        refused =
            "holds " + store.replicaMiB() + " MiB, too little less than " + source.replicaMiB();
      }
      offer(store, refused, store.regionScore(0), trace);
    }
    return trace.settled();
  }
}
