package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.hot.HotStatistics;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.meta.RegionTree;
import dev.kittiwake.pd.placement.RuleSet;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * What a decision may look at. Everything is kept up to date as reports come in: to ask costs next
 * to nothing. Confined to the thread that asks.
 */
public interface ClusterView {
  ScheduleConfig config();

  /** Elapsed time, never back. */
  long nowMillis();

  RandomGenerator random();

  /** By id, tombstones included. */
  Collection<StoreView> stores();

  Optional<StoreView> store(long id);

  /** The regions and where they stand. */
  RegionTree tree();

  default Optional<RegionRecord> region(long id) {
    return tree().find(id);
  }

  RuleSet rules();

  HotStatistics hot();

  OperatorController operators();

  /** Whether an operator is already at work on the region. */
  default boolean isBusy(long regionId) {
    return operators().isBusy(regionId);
  }

  /** Since the region was split from another, or was first heard of. */
  long unsplitMillis(long regionId);

  /** Since the region gave up its replica on the store; as long as can be if it did not lately. */
  long sinceLeftMillis(long regionId, long storeId);

  /** Since the store gave up the lead of the region; as long as can be if it did not lately. */
  long sinceLedMillis(long regionId, long storeId);

  /** A fresh id for a replica; none while the next block of ids is on its way. */
  OptionalLong newId();
}
