package dev.kittiwake.pd.hot;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The flow of all warm regions and of the stores. A region without flow costs one look-up per
 * report. Confined to one thread.
 */
public final class HotStatistics {
  /** A hot region has at least this many times the flow of an average region of its store. */
  private static final int OUTSTANDING = 2;

  private final Map<Long, RegionHeat> regions = new HashMap<>(); // only looked up
  private final Map<Long, StoreHeat> stores = new HashMap<>(); // only looked up

  /**
   * Takes a report in.
   *
   * @param region as it is from now on
   */
  public void report(RegionRecord region) {
    RegionHeat heat = regions.get(region.id());
    double interval = Math.max(1, region.load().intervalSeconds());
    if (heat == null) {
      if (!RegionHeat.isWarm(region.load(), interval)) {
        return;
      }
      heat = new RegionHeat(region);
      regions.put(region.id(), heat);
    } else {
      count(heat, -1);
    }
    if (region.load().intervalSeconds() > 0) {
      heat.report(region.load(), interval);
    }
    if (heat.isCold()) {
      regions.remove(region.id());
      return;
    }
    heat.placed = region;
    count(heat, 1);
  }

  /** The region is no more. */
  public void forget(long regionId) {
    RegionHeat heat = regions.remove(regionId);
    if (heat != null) {
      count(heat, -1);
    }
  }

  private void count(RegionHeat heat, int sign) {
    long leader = heat.placed.leader().getId();
    for (Peer peer : heat.placed.peers()) {
      stores
          .computeIfAbsent(peer.getStoreId(), id -> new StoreHeat())
          .count(heat, sign, peer.getId() == leader);
    }
  }

  public void clear() {
    regions.clear();
    stores.clear();
  }

  public StoreHeat store(long storeId) {
    return stores.getOrDefault(storeId, StoreHeat.NONE);
  }

  public Optional<RegionHeat> region(long regionId) {
    return Optional.ofNullable(regions.get(regionId));
  }

  /**
   * Whether the region stands out among those of the store, and has done so for a while.
   *
   * @param threshold reports above the minimum that are needed
   * @param regionsOfStore how many leaders or replicas the store has
   */
  public boolean isHot(
      RegionHeat heat, Flow flow, long storeId, long threshold, int regionsOfStore) {
    return heat.hits(flow) >= threshold && bar(flow, storeId, regionsOfStore).isReachedBy(heat);
  }

  /** From which rates on a region of the store is hot. */
  public Bar bar(Flow flow, long storeId, int regionsOfStore) {
    StoreHeat store = store(storeId);
    double[] rates = new double[Dimension.values().length];
    for (Dimension dimension : Dimension.values()) {
      long all = flow == Flow.READ ? store.reads(dimension) : store.writes(dimension);
      rates[dimension.ordinal()] =
          Math.max(dimension.minimum(), OUTSTANDING * (double) all / Math.max(1, regionsOfStore));
    }
    return new Bar(flow, rates);
  }

  /** Rates per second, by dimension; one of them is enough. */
  public static final class Bar {
    private final Flow flow;
    private final double[] rates;

    private Bar(Flow flow, double[] rates) {
      this.flow = flow;
      this.rates = rates;
    }

    public boolean isReachedBy(RegionHeat heat) {
      for (Dimension dimension : Dimension.values()) {
        if (heat.rate(flow, dimension) >= rates[dimension.ordinal()]) {
          return true;
        }
      }
      return false;
    }
  }

  /** Whether it is hot by reads or by writes. */
  public boolean isHot(RegionRecord region, long threshold, int leaders, int replicas) {
    RegionHeat heat = regions.get(region.id());
    long store = region.leader().getStoreId();
    return heat != null
        && (isHot(heat, Flow.READ, store, threshold, leaders)
            || isHot(heat, Flow.WRITE, store, threshold, replicas));
  }
}
