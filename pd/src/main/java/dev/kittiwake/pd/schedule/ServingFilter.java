package dev.kittiwake.pd.schedule;

/** Only stores that are up and were heard of lately. */
final class ServingFilter implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    return store.serves() ? "" : "is " + store.stateName(view.config());
  }
}
