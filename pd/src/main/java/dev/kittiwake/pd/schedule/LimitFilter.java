package dev.kittiwake.pd.schedule;

/** Not a store that was given, or gave away, as many replicas as it may for now. */
record LimitFilter(StoreLimits.Direction direction) implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    return view.operators().limits().isOpen(store.id(), direction, view.config(), view.nowMillis())
        ? ""
        : direction == StoreLimits.Direction.ADD
            ? "was given enough replicas this minute"
            : "gave away enough replicas this minute";
  }
}
