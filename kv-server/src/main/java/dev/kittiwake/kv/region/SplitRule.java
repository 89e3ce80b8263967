package dev.kittiwake.kv.region;

/**
 * When a region is too large or too hot, and how it is cut. A number of ticks is one of the
 * store's.
 *
 * @param everyTicks how often a leader looks at its region's size
 * @param splitBytes size of the pieces
 * @param maxBytes a larger region is split
 * @param splitKeys number of keys of the pieces
 * @param maxKeys a region with more keys is split
 * @param maxPieces new regions of one split at most
 * @param diffBytes a region is not looked at again before so much was written to it
 * @param load when a region is split for its load
 */
public record SplitRule(
    int everyTicks,
    long splitBytes,
    long maxBytes,
    long splitKeys,
    long maxKeys,
    int maxPieces,
    long diffBytes,
    Load load) {
  public SplitRule {
    if (splitBytes > maxBytes || splitKeys > maxKeys) {
      throw new IllegalArgumentException("pieces must not be larger than a region may be");
    }
  }

  /**
   * A region is split for its load if more than {@code requests} came in each of {@code windows}
   * windows of {@code windowTicks} in a row.
   *
   * @param requests 0 = never
   */
  public record Load(int windowTicks, int windows, long requests) {}

  boolean isTooLarge(RegionSize.Estimate size) {
    return size.bytes() > maxBytes || size.keys() > maxKeys;
  }
}
