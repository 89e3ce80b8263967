package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.schedule.ClusterView;
import dev.kittiwake.pd.schedule.OperatorController;
import dev.kittiwake.pd.schedule.ScheduleConfig;
import dev.kittiwake.pd.schedule.StoreView;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdpb.StoreStats;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What schedulers see of the cluster now. The stores are looked at once, when they are first asked
 * for, and again when an operator has started or ended, because operators count.
 */
public final class LiveView implements ClusterView {
  private final PdCluster cluster;
  private final ScheduleConfig config;
  private SortedMap<Long, StoreView> stores; // null: to be looked at
  private int runningAtLook;

  public LiveView(PdCluster cluster) {
    this.cluster = cluster;
    this.config = cluster.scheduleConfig();
  }

  @Override
  public ScheduleConfig config() {
    return config;
  }

  @Override
  public Collection<StoreView> stores() {
    return look().values();
  }

  @Override
  public Optional<StoreView> store(long id) {
    return Optional.ofNullable(look().get(id));
  }

  /** An operator that was started since counts. */
  private SortedMap<Long, StoreView> look() {
    int running = cluster.placement().operators().running().size();
    if (stores == null || running != runningAtLook) {
      stores = new TreeMap<>();
      runningAtLook = running;
      cluster.meta().stores().forEach(store -> stores.put(store.getId(), view(store)));
    }
    return stores;
  }

  private StoreView view(Store store) {
    OperatorController operators = cluster.placement().operators();
    StoreStats stats =
        cluster
            .storeTable()
            .find(store.getId())
            .map(StoreTable.Heard::stats)
            .orElse(StoreStats.getDefaultInstance());
    double available =
        stats.getCapacity() == 0 ? 1 : (double) stats.getAvailable() / stats.getCapacity();
    return new StoreView(
        store,
        cluster.storeTable().silentMillis(store.getId(), cluster.runtime().nanos().getAsLong()),
        cluster.tree().leadersOn(store.getId()).size()
            + operators.leaderInfluence(store.getId(), this::leaderStore),
        cluster.tree().peersOn(store.getId()).size() + operators.replicaInfluence(store.getId()),
        available,
        stats.getIsBusy(),
        stats.getSendingSnapCount() + stats.getReceivingSnapCount() + stats.getApplyingSnapCount());
  }

  private long leaderStore(long regionId) {
    return cluster.tree().find(regionId).map(region -> region.leader().getStoreId()).orElse(0L);
  }

  @Override
  public Optional<RegionRecord> region(long id) {
    return cluster.tree().find(id);
  }

  @Override
  public NavigableSet<Long> leadersOn(long storeId) {
    return cluster.tree().leadersOn(storeId);
  }

  @Override
  public boolean isBusy(long regionId) {
    return cluster.placement().operators().isBusy(regionId);
  }

  @Override
  public OptionalLong newId() {
    return cluster.idAllocator().next();
  }
}
