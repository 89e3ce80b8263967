package dev.kittiwake.pd.schedule;

/** Not a store that is nearly full. */
final class SpaceFilter implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    return 1 - store.availableRatio() > view.config().lowSpaceRatio() ? "is low on space" : "";
  }
}
