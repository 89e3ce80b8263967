package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;

/** Not a store that has a replica of the region already. */
record ReplicaFilter(RegionRecord region) implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    return region.peerOn(store.id()).isPresent() ? "has a replica" : "";
  }
}
