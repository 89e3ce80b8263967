package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Chooses the store for a new replica, and keeps for each store why it was chosen or not. */
final class TargetStore {
  private TargetStore() {}

  static Optional<StoreView> choose(RegionRecord region, ClusterView view, Decision.Trace trace) {
    List<StoreView> candidates =
        view.stores().stream().filter(store -> passes(store, region, view, trace)).toList();
    Optional<StoreView> best =
        candidates.stream()
            .min(Comparator.comparingInt(StoreView::replicas).thenComparingLong(StoreView::id));
    for (StoreView candidate : candidates) {
      trace.because(
          "store "
              + candidate.id()
              + ": "
              + candidate.replicas()
              + " replicas"
              + (best.get().id() == candidate.id() ? ", chosen" : ""));
    }
    return best;
  }

  private static boolean passes(
      StoreView store, RegionRecord region, ClusterView view, Decision.Trace trace) {
    if (store.isTombstone()) {
      return false;
    }
    String filter = filter(store, region, view.config());
    if (!filter.isEmpty()) {
      trace.because("store " + store.id() + ": " + filter);
    }
    return filter.isEmpty();
  }

  /** Why the store cannot take a replica of the region; empty if it can. */
  private static String filter(StoreView store, RegionRecord region, ScheduleConfig config) {
    if (region.peerOn(store.id()).isPresent()) {
      return "has a replica";
    }
    if (!store.isUp() || store.isDisconnected(config)) {
      return "is " + store.stateName(config);
    }
    if (store.busy()) {
      return "is busy";
    }
    if (1 - store.availableRatio() > config.lowSpaceRatio()) {
      return "is low on space";
    }
    if (store.snapshots() > config.maxSnapshots()) {
      return "handles " + store.snapshots() + " snapshots";
    }
    return "";
  }
}
