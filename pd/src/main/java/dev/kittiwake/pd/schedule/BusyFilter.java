package dev.kittiwake.pd.schedule;

/** Not a store that says it is busy. */
final class BusyFilter implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    return store.busy() ? "is busy" : "";
  }
}
