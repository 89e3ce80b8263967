package dev.kittiwake.pd.schedule;

/** Not a store that has its hands full with snapshots. */
final class SnapshotFilter implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    return store.snapshots() > view.config().number(ScheduleSetting.MAX_SNAPSHOT_COUNT)
        ? "handles " + store.snapshots() + " snapshots"
        : "";
  }
}
