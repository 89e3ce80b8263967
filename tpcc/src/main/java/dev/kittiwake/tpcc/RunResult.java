package dev.kittiwake.tpcc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a run measured. All counts but those of {@link Second} are of the measured interval.
 *
 * @param tpmC committed new orders a minute
 * @param started beginning of the warm-up
 * @param warmUp length of the warm-up, in which nothing counts
 * @param measured length of the measured interval
 * @param types one for each transaction type, in their order
 * @param causes why tries failed, most frequent first
 * @param series every second since the start, the warm-up first
 * @param skippedDeliveries districts without an order to deliver (clause 2.7.4.2)
 * @param stuckTerminals terminals that did not come back after the end: their connection never
 *     answered
 */
public record RunResult(
    double tpmC,
    Instant started,
    Duration warmUp,
    Duration measured,
    List<OfType> types,
    List<Cause> causes,
    List<Second> series,
    long skippedDeliveries,
    int stuckTerminals) {
  public RunResult {
    types = List.copyOf(types);
    causes = List.copyOf(causes);
    series = List.copyOf(series);
  }

  /**
   * One transaction type. Latency runs from the first try to the commit's answer.
   *
   * @param committed acknowledged commits
   * @param rolledBack new orders with a wrong item, rolled back as they should be
   * @param retries tries repeated after an error that proved that nothing was committed
   * @param undetermined commits whose answer was lost; not repeated
   * @param failed given up after an error that would come again
   * @param latency of the committed ones
   */
  public record OfType(
      TransactionType type,
      long committed,
      long rolledBack,
      long retries,
      long undetermined,
      long failed,
      Latency latency) {}

  /** Milliseconds; {@code curve} is the latency at growing percentiles. */
  public record Latency(
      double mean,
      double p50,
      double p90,
      double p99,
      double p999,
      double max,
      List<Percentile> curve) {
    public Latency {
      curve = List.copyOf(curve);
    }
  }

  /** One point of a latency distribution. */
  public record Percentile(double percentile, double millis) {}

  /** Failed tries with the same cause, and one of their messages. */
  public record Cause(String cause, String verdict, long count, String example) {}

  /** One second of the run. */
  public record Second(int second, long newOrders, long transactions, long errors) {}

  /** Committed transactions of all types in the measured interval. */
  public long committed() {
    return types.stream().mapToLong(OfType::committed).sum();
  }

  /** Commits whose outcome the client does not know, in the measured interval. */
  public long undetermined() {
    return types.stream().mapToLong(OfType::undetermined).sum();
  }

  /** The row of one type. */
  public OfType of(TransactionType type) {
    return types.get(type.ordinal());
  }
}
