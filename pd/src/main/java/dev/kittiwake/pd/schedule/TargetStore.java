package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.placement.Isolation;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the store for a replica that a rule wants: the one farthest from the others that hold the
 * region, of these the least full. Keeps for each store why it was chosen or not.
 */
final class TargetStore {
  private TargetStore() {}

  /**
   * @param others replicas of the rule that stay
   * @param floor distance to beat or to keep, see {@link IsolationFilter}
   * @param usable what a store must be like apart from that
   */
  static Optional<StoreView> choose(
      RegionRecord region,
      Rule rule,
      List<Store> others,
      double floor,
      List<StoreFilter> usable,
      ClusterView view,
      Decision.Trace trace) {
    List<StoreFilter> filters =
        List.of(
            new ReplicaFilter(region),
            new RuleFilter(rule),
            new IsolationFilter(rule, others, floor));
    StoreView best = null;
    double bestDistance = 0;
    double bestScore = 0;
    List<StoreView> passed = new ArrayList<>();
    for (StoreView store : view.stores()) {
      if (store.isTombstone()) {
        continue;
      }
      String refused = Filters.refuse(filters, store, view);
      if (refused.isEmpty()) {
        refused = Filters.refuse(usable, store, view);
      }
      if (!refused.isEmpty()) {
        trace.refused(store.id(), refused);
        continue;
      }
      passed.add(store);
      double distance = distance(rule, store, others);
      double score = store.regionScore(0);
      if (best == null
          || distance > bestDistance
          || (distance == bestDistance && score < bestScore)) {
        best = store;
        bestDistance = distance;
        bestScore = score;
      }
    }
    for (StoreView store : passed) {
      trace.scored(store.id(), store.regionScore(0), store == best);
    }
    return Optional.ofNullable(best);
  }

  private static double distance(Rule rule, StoreView store, List<Store> others) {
    return rule.locationLabels().isEmpty()
        ? 0
        : Isolation.score(store.store(), others, rule.locationLabels());
  }

  /** The stores of {@code peers}, without that of {@code but}. */
  static List<Store> stores(List<Peer> peers, Peer but, ClusterView view) {
    List<Store> stores = new ArrayList<>();
    for (Peer peer : peers) {
      if (but == null || peer.getId() != but.getId()) {
        view.store(peer.getStoreId()).map(StoreView::store).ifPresent(stores::add);
      }
    }
    return stores;
  }
}
