package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Spreads the leaders and replicas of one range of keys evenly, e.g. of a table whose regions all
 * came from one, although the stores have as many regions each.
 */
public final class ScatterRange implements Scheduler {
  static final String PREFIX = "scatter-range-";
  private static final int MAX_REGIONS = 10_000;

  private final String label;
  private final KeyRange range;

  public ScatterRange(String label, KeyRange range) {
    this.label = label;
    this.range = range;
  }

  @Override
  public String name() {
    return PREFIX + label;
  }

  @Override
  public Decision schedule(ClusterView view) {
    Decision.Trace trace = new Decision.Trace(name(), 0);
    List<RegionRecord> regions = view.tree().reported(range.start(), range.end(), MAX_REGIONS);
    Map<Long, Integer> leaders = new TreeMap<>();
    Map<Long, Integer> replicas = new TreeMap<>();
    for (RegionRecord region : regions) {
      if (view.isBusy(region.id())) {
        return trace.because("region " + region.id() + " of the range has an operator").nothing();
      }
      leaders.merge(region.leader().getStoreId(), 1, Integer::sum);
      region.peers().forEach(peer -> replicas.merge(peer.getStoreId(), 1, Integer::sum));
    }
    for (RegionRecord region : regions) {
      if (region.isHealthy()) {
        Optional<Operator> move = replica(region, replicas, view);
        if (move.isEmpty()) {
          move = leader(region, leaders, view);
        }
        if (move.isPresent()) {
          return trace
              .because("the range has leaders " + leaders + ", replicas " + replicas)
              .decide(move.get());
        }
      }
    }
    return trace
        .because("even: the range has leaders " + leaders + ", replicas " + replicas)
        .nothing();
  }

  private static Optional<Operator> leader(
      RegionRecord region, Map<Long, Integer> leaders, ClusterView view) {
    int own = leaders.getOrDefault(region.leader().getStoreId(), 0);
    if (!view.store(region.leader().getStoreId()).map(StoreView::leaderHold).orElse("").isEmpty()) {
      return Optional.empty();
    }
    for (Peer peer : region.peers()) {
      StoreView store = view.store(peer.getStoreId()).orElse(null);
      if (store != null
          && own - leaders.getOrDefault(peer.getStoreId(), 0) >= 2
          && BalanceLeader.mayLead(region, peer)
          && Filters.passes(Filters.LEADER_TARGET, store, view)
          && LeaderRoles.allow(region, peer, view)) {
        return new Rearrangement(region, view)
            .leader(store.id())
            .plan("scatter-range-leader", Operator.Kind.LEADER);
      }
    }
    return Optional.empty();
  }

  private static Optional<Operator> replica(
      RegionRecord region, Map<Long, Integer> replicas, ClusterView view) {
    if (!Fits.isPlainlyGood(region, view)) {
      return Optional.empty(); // rules or labels say where: the other schedulers know them
    }
    for (Peer peer : region.peers()) {
      int own = replicas.getOrDefault(peer.getStoreId(), 0);
      for (StoreView store : view.stores()) {
        if (own - replicas.getOrDefault(store.id(), 0) >= 2
            && region.peerOn(store.id()).isEmpty()
            && !store.isTombstone()
            && Filters.passes(Filters.BALANCE_TARGET, store, view)) {
          return new Rearrangement(region, view)
              .without(peer.getStoreId())
              .voter(store.id())
              .plan("scatter-range-region", Operator.Kind.REGION);
        }
      }
    }
    return Optional.empty();
  }
}
