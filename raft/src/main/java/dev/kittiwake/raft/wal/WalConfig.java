package dev.kittiwake.raft.wal;

/**
 * Settings of a log.
 *
 * @param segmentBytes size of one segment file, written with zeros when it is made so that a force
 *     later needs no metadata. An entry that does not fit gets a segment of its own size
 * @param maxSegments beyond so many segments, live entries of the oldest are moved to the newest so
 *     that it can be reused
 * @param spareSegments segments no longer needed that are kept for reuse
 * @param cacheBytes entries kept in memory, for all groups; those that are not yet durable come on
 *     top
 * @param maxBufferBytes buffers of the writer that are kept between rounds
 */
public record WalConfig(
    long segmentBytes, int maxSegments, int spareSegments, long cacheBytes, int maxBufferBytes) {
  public static final WalConfig DEFAULT = new WalConfig(64L << 20, 16, 2, 128L << 20, 8 << 20);

  /** Smallest segment that makes sense: header, one small record, seal. */
  static final long MIN_SEGMENT_BYTES = 512;

  public WalConfig {
    require(
        segmentBytes >= MIN_SEGMENT_BYTES && segmentBytes <= 1L << 30,
        "segment bytes must be from " + MIN_SEGMENT_BYTES + " to 1 GiB: " + segmentBytes);
    require(maxSegments >= 2, "at least 2 segments are needed: " + maxSegments);
    require(spareSegments >= 0, "spare segments must not be negative: " + spareSegments);
    require(cacheBytes >= 0, "cache bytes must not be negative: " + cacheBytes);
    require(maxBufferBytes >= 4096, "buffer bytes must be at least 4096: " + maxBufferBytes);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
