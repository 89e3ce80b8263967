package dev.kittiwake.pd.gc;

import dev.kittiwake.proto.key.Timestamp;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the transaction safe point may go now. A value.
 *
 * @param target unsigned timestamp; the present safe point if it stays
 * @param reason what it is bound by, in words
 */
public record SafePointPlan(long target, String reason) {
  /** Under these keys servers register the start of the oldest transaction that they run. */
  public static final String OLDEST_TRANSACTIONS = "/tidb/server/minstartts/";

  private static final int LOGICAL_BITS = 18;

  /**
   * Decides.
   *
   * @param nowMillis since 1970
   * @param lifeMillis how long old versions live
   * @param present the safe point
   * @param registered start timestamps as decimal text by key; what is no number is not regarded
   */
  public static SafePointPlan of(
      long nowMillis, long lifeMillis, long present, Map<String, String> registered) {
    long target = Math.max(0, nowMillis - lifeMillis) << LOGICAL_BITS;
    String reason = "old versions live " + lifeMillis / 1000 + " s";
    SortedMap<String, String> sorted = new TreeMap<>(registered);
    for (Map.Entry<String, String> one : sorted.entrySet()) {
      long start = start(one.getValue());
      if (start != 0 && !Timestamp.isAfter(start, target)) {
        target = start - 1;
        reason = "a transaction of " + one.getKey() + " began at " + one.getValue();
      }
    }
    if (!Timestamp.isAfter(target, present)) {
      return new SafePointPlan(present, reason);
    }
    return new SafePointPlan(target, reason);
  }

  private static long start(String text) {
    try {
      return Long.parseUnsignedLong(text.strip());
    } catch (NumberFormatException e) {
      return 0; // not one of ours: nothing is known of it
    }
  }
}
