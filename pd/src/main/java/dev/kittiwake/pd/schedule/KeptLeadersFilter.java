package dev.kittiwake.pd.schedule;

/** Not a store whose leaders are to stay, e.g. because they were granted to it. */
final class KeptLeadersFilter implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    return store.leaderHold();
  }
}
