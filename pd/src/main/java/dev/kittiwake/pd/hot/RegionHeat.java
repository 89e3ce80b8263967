package dev.kittiwake.pd.hot;

import dev.kittiwake.pd.meta.RegionRecord;

/** The flow of one region, smoothed. Confined to one thread. */
public final class RegionHeat {
  /** Reports older than this count for little. */
  private static final double MEMORY_SECONDS = 60;

  private static final int MAX_HITS = 20;
  private static final int DIMENSIONS = Dimension.values().length;

  private final double[][] rates = new double[Flow.values().length][DIMENSIONS]; // per second
  private final int[] hits = new int[Flow.values().length]; // reports above the minimum, with decay
  private double seconds; // of reports taken in, to begin with a plain average
  RegionRecord placed; // where it was when it was counted for the stores

  RegionHeat(RegionRecord placed) {
    this.placed = placed;
  }

  public long regionId() {
    return placed.id();
  }

  /** The store of its leader. */
  public long leaderStore() {
    return placed.leader().getStoreId();
  }

  /** Per second. */
  public long rate(Flow flow, Dimension dimension) {
    return (long) rates[flow.ordinal()][dimension.ordinal()];
  }

  /** How often it was above a minimum lately; it cools down as slowly as it got hot. */
  public int hits(Flow flow) {
    return hits[flow.ordinal()];
  }

  boolean isCold() {
    return hits[0] == 0 && hits[1] == 0;
  }

  void report(RegionRecord.Load load, double interval) {
    take(Flow.READ, interval, load.readBytes(), load.readKeys(), load.readQueries());
    take(Flow.WRITE, interval, load.writtenBytes(), load.writtenKeys(), load.writeQueries());
    seconds += interval;
  }

  private void take(Flow flow, double interval, long... amounts) {
    double weight =
        seconds < MEMORY_SECONDS
            ? interval / (seconds + interval)
            : 1 - Math.exp(-interval / MEMORY_SECONDS);
    double[] smoothed = rates[flow.ordinal()];
    boolean above = false;
    for (Dimension dimension : Dimension.values()) {
      int i = dimension.ordinal();
      double now = amounts[i] / interval;
      smoothed[i] += weight * (now - smoothed[i]);
      above |= now >= dimension.minimum();
    }
    int i = flow.ordinal();
    hits[i] = above ? Math.min(MAX_HITS, hits[i] + 1) : Math.max(0, hits[i] - 1);
  }

  /** Whether a report is worth an entry. */
  static boolean isWarm(RegionRecord.Load load, double interval) {
    return load.readBytes() >= Dimension.BYTES.minimum() * interval
        || load.writtenBytes() >= Dimension.BYTES.minimum() * interval
        || load.readKeys() >= Dimension.KEYS.minimum() * interval
        || load.writtenKeys() >= Dimension.KEYS.minimum() * interval
        || load.readQueries() >= Dimension.QUERIES.minimum() * interval
        || load.writeQueries() >= Dimension.QUERIES.minimum() * interval;
  }
}
