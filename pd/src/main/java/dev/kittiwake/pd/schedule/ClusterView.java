package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;

/** What a decision may look at. Confined to the thread that asks. */
public interface ClusterView {
  ScheduleConfig config();

  /** By id, tombstones included. */
  Collection<StoreView> stores();

  Optional<StoreView> store(long id);

  Optional<RegionRecord> region(long id);

  /** Ids of the regions that the store leads. */
  NavigableSet<Long> leadersOn(long storeId);

  /** Whether an operator is already at work on the region. */
  boolean isBusy(long regionId);

  /** A fresh id for a replica; none while the next block of ids is on its way. */
  OptionalLong newId();
}
