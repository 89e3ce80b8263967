package dev.kittiwake.pd.schedule;

/** Not a store that should have no leaders. */
final class LeaderFilter implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    if (!store.leaderRefusal().isEmpty()) {
      return store.leaderRefusal();
    }
    return store.weight().leader() == 0 ? "has leader weight 0" : "";
  }
}
