package dev.kittiwake.pd.hot;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the warm regions of one store add up to, per second. Confined to one thread. */
public final class StoreHeat {
  private static final int DIMENSIONS = Dimension.values().length;

  static final StoreHeat NONE = new StoreHeat();

  private final long[] reads = new long[DIMENSIONS];
  private final long[] writes = new long[DIMENSIONS];
  private final long[] leaderWrites = new long[DIMENSIONS];
  private final NavigableMap<Long, RegionHeat> regions = new TreeMap<>(); // replicas here

  /** For reads and leader writes as a leader; for writes as any replica. */
  void count(RegionHeat heat, int sign, boolean leads) {
    for (Dimension dimension : Dimension.values()) {
      int i = dimension.ordinal();
      writes[i] += sign * heat.rate(Flow.WRITE, dimension);
      if (leads) {
        reads[i] += sign * heat.rate(Flow.READ, dimension);
        leaderWrites[i] += sign * heat.rate(Flow.WRITE, dimension);
      }
    }
    if (sign > 0) {
      regions.put(heat.placed.id(), heat);
    } else {
      regions.remove(heat.placed.id());
    }
  }

  /** What leaders here are asked to read. */
  public long reads(Dimension dimension) {
    return reads[dimension.ordinal()];
  }

  /** What is written to replicas here. */
  public long writes(Dimension dimension) {
    return writes[dimension.ordinal()];
  }

  /** What leaders here are asked to write. */
  public long leaderWrites(Dimension dimension) {
    return leaderWrites[dimension.ordinal()];
  }

  /** The warm regions with a replica here, by id. */
  public Collection<RegionHeat> regions() {
    return Collections.unmodifiableCollection(regions.values());
  }
}
