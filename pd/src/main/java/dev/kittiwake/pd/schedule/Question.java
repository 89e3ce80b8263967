package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.hot.HotStatistics;
import dev.kittiwake.pd.meta.RegionTree;
import dev.kittiwake.pd.placement.RuleSet;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** The cluster for one who only asks: no id is used up, and chance does not move on. */
record Question(ScheduleCluster cluster) implements ClusterView {
  @Override
  public ScheduleConfig config() {
    return cluster.config();
  }

  @Override
  public long nowMillis() {
    return cluster.nowMillis();
  }

  @Override
  public RandomGenerator random() {
    return () -> 0;
  }

  @Override
  public Collection<StoreView> stores() {
    return cluster.stores();
  }

  @Override
  public Optional<StoreView> store(long id) {
    return cluster.store(id);
  }

  @Override
  public RegionTree tree() {
    return cluster.tree();
  }

  @Override
  public RuleSet rules() {
    return cluster.rules();
  }

  @Override
  public HotStatistics hot() {
    return cluster.hot();
  }

  @Override
  public OperatorController operators() {
    return cluster.operators();
  }

  @Override
  public long unsplitMillis(long regionId) {
    return cluster.unsplitMillis(regionId);
  }

  @Override
  public long sinceLeftMillis(long regionId, long storeId) {
    return cluster.sinceLeftMillis(regionId, storeId);
  }

  @Override
  public long sinceLedMillis(long regionId, long storeId) {
    return cluster.sinceLedMillis(regionId, storeId);
  }

  /** Stands for an id that would be allocated. */
  @Override
  public OptionalLong newId() {
    return OptionalLong.of(0);
  }
}
