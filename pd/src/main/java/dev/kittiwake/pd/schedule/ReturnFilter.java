package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;

/** Not a store that the region has just left: two policies must not undo what the other did. */
record ReturnFilter(RegionRecord region) implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    long since = view.sinceLeftMillis(region.id(), store.id());
    return since < view.config().number(ScheduleSetting.REGION_RETURN_INTERVAL)
        ? "was left by the region " + since / 1000 + " s ago"
        : "";
  }
}
