package dev.kittiwake.pd.schedule;

/** Not a store that is slow. */
final class SlowFilter implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    return store.slowScore() >= view.config().number(ScheduleSetting.SLOW_STORE_SCORE)
        ? "is slow (" + store.slowScore() + ")"
        : "";
  }
}
