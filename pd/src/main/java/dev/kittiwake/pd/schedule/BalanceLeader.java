package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionIds;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import java.util.List;
import java.util.Optional;

/**
 * Moves a leader from a store with many for its weight to a store with few that has a replica of
 * the region. First out of the fullest stores, then into the emptiest.
 */
public final class BalanceLeader implements Scheduler {
  private static final int TRIES = 10; // regions per store
  static final List<StoreFilter> SOURCE =
      List.of(new ServingFilter(), new BusyFilter(), new KeptLeadersFilter());

  @Override
  public String name() {
    return "balance-leader-scheduler";
  }

  @Override
  public Decision schedule(ClusterView view) {
    Decision.Trace trace = new Decision.Trace(name(), 0);
    if (!view.operators().isBelowLimit(Operator.Kind.LEADER, view.config())) {
      return trace.because("as many leaders as may move are moving").nothing();
    }
    List<Ranking.Place> sources = Ranking.highestFirst(view, SOURCE, store -> store.leaderScore(0));
    List<Ranking.Place> targets =
        Ranking.lowestFirst(view, Filters.LEADER_TARGET, store -> store.leaderScore(0));
    if (sources.isEmpty() || targets.isEmpty()) {
      return trace.because("no store may give, or none may take a leader").nothing();
    }
    StoreView lowest = targets.get(0).store();
    for (Ranking.Place source : sources) {
      if (!isWorth(source.store(), lowest, view)) {
        break;
      }
      Optional<Decision> move =
          tryRegions(source.store().regions().leaders(), source.store(), null, view, trace);
      if (move.isPresent()) {
        return move.get();
      }
    }
    StoreView highest = sources.get(0).store();
    for (Ranking.Place target : targets) {
      if (!isWorth(highest, target.store(), view)) {
        break;
      }
      Optional<Decision> move =
          tryRegions(target.store().regions().followers(), null, target.store(), view, trace);
      if (move.isPresent()) {
        return move.get();
      }
    }
    return trace
        .because(
            "most leaders: store "
                + highest.id()
                + " with "
                + highest.leaders()
                + ", fewest: store "
                + lowest.id()
                + " with "
                + lowest.leaders()
                + ", nothing to move")
        .nothing();
  }

  /** Whether one leader more here and one less there leaves neither worse than the other was. */
  static boolean isWorth(StoreView source, StoreView target, ClusterView view) {
    int tolerance = (int) view.config().number(ScheduleSetting.LEADER_TOLERANCE);
    return source.id() != target.id()
        && source.leaderScore(-1) >= target.leaderScore(1)
        && source.leaderScore(0) >= target.leaderScore(tolerance);
  }

  /** A few regions from a random one on; source or target is given, the other is found. */
  private Optional<Decision> tryRegions(
      RegionIds ids, StoreView source, StoreView target, ClusterView view, Decision.Trace trace) {
    int count = Math.min(TRIES, ids.size());
    int from = ids.isEmpty() ? 0 : view.random().nextInt(ids.size());
    for (int i = 0; i < count; i++) {
      long id = ids.at((from + i) % ids.size());
      RegionRecord region = view.region(id).orElseThrow();
      if (view.isBusy(id) || region.isJoint() || !region.hasLeader()) {
        continue;
      }
      StoreView gives =
          source != null ? source : view.store(region.leader().getStoreId()).orElse(null);
      if (gives == null
          || !Filters.passes(SOURCE, gives, view)
          || MergeChecker.isHot(region, view)) {
        continue;
      }
      Optional<Peer> taker = taker(region, gives, target, view);
      if (taker.isPresent()) {
        return Optional.of(decide(region, gives, taker.get(), view, trace));
      }
    }
    return Optional.empty();
  }

  private static Optional<Peer> taker(
      RegionRecord region, StoreView source, StoreView only, ClusterView view) {
    Peer best = null;
    double bestScore = Double.MAX_VALUE;
    for (Peer peer : region.peers()) {
      if (peer.getId() == region.leader().getId()
          || (only != null && peer.getStoreId() != only.id())
          || !mayLead(region, peer)) {
        continue;
      }
      StoreView store = view.store(peer.getStoreId()).orElse(null);
      if (store != null
          && store.leaderScore(0) < bestScore
          && isWorth(source, store, view)
          && Filters.passes(Filters.LEADER_TARGET, store, view)
          && LeaderRoles.allow(region, peer, view)) {
        best = peer;
        bestScore = store.leaderScore(0);
      }
    }
    return Optional.ofNullable(best);
  }

  /** Votes, follows and answers. */
  static boolean mayLead(RegionRecord region, Peer peer) {
    return peer.getRole() == PeerRole.Voter
        && !peer.getIsWitness()
        && !region.isDown(peer.getId())
        && !region.isPending(peer.getId());
  }

  private static Decision decide(
      RegionRecord region, StoreView source, Peer taker, ClusterView view, Decision.Trace trace) {
    StoreView target = view.store(taker.getStoreId()).orElseThrow();
    for (Peer peer : region.peers()) {
      view.store(peer.getStoreId())
          .ifPresent(
              store ->
                  trace.scored(store.id(), store.leaderScore(0), store.id() == taker.getStoreId()));
    }
    return trace
        .because(
            "store "
                + source.id()
                + " leads "
                + source.leaders()
                + ", store "
                + target.id()
                + " leads "
                + target.leaders())
        .decide(
            Operator.of(
                "balance-leader",
                Operator.Kind.LEADER,
                region,
                List.of(new OperatorStep.TransferLeader(target.id(), taker.getId()))));
  }
}
