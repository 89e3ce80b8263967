package dev.kittiwake.pd.schedule;

/** Not a store where many replicas lag behind already. */
final class PendingFilter implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    int pending = store.regions().pending().size();
    return pending > view.config().number(ScheduleSetting.MAX_PENDING_PEER_COUNT)
        ? "has " + pending + " lagging replicas"
        : "";
  }
}
