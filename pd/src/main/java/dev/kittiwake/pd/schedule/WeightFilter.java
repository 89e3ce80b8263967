package dev.kittiwake.pd.schedule;

/** Not a store that should have no replicas. */
final class WeightFilter implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    return store.weight().region() == 0 ? "has region weight 0" : "";
  }
}
