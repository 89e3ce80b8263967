package dev.kittiwake.proto.key;

/**
 * A timestamp of the placement driver's oracle: milliseconds since 1970 shifted left by 18, plus a
 * logical counter. Timestamps are <em>unsigned</em> 64-bit values held in a {@code long}: compare
 * them with {@link #compare}, never with {@code <}.
 */
public final class Timestamp {
  public static final int LOGICAL_BITS = 18;
  public static final long MAX_LOGICAL = (1L << LOGICAL_BITS) - 1;

  /** As a read version "the latest"; as a current time "infinite". */
  public static final long MAX = -1L;

  private Timestamp() {}

  public static long of(long physicalMillis, long logical) {
    return (physicalMillis << LOGICAL_BITS) + logical;
  }

  public static long physicalMillis(long ts) {
    return ts >>> LOGICAL_BITS;
  }

  public static long logical(long ts) {
    return ts & MAX_LOGICAL;
  }

  public static int compare(long a, long b) {
    return Long.compareUnsigned(a, b);
  }

  public static long max(long a, long b) {
    return compare(a, b) >= 0 ? a : b;
  }

  public static boolean isBefore(long a, long b) {
    return compare(a, b) < 0;
  }

  public static boolean isAfter(long a, long b) {
    return compare(a, b) > 0;
  }

  /**
   * Whether {@code ts} stands for "infinite": some clients send 2^63 - 1 where others send 2^64 -
   * 1. Such values must never enter the store's largest seen timestamp.
   */
  public static boolean isInfinite(long ts) {
    return ts == MAX || ts == Long.MAX_VALUE;
  }

  public static String toString(long ts) {
    return Long.toUnsignedString(ts);
  }
}
