package dev.kittiwake.tpcc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What one terminal, or all of them merged, did in the measured interval. Safe for several threads.
 */
final class Tally {
  private static final long MAX_MICROS = 3_600_000_000L;
  private static final double[] CURVE = {
    0, 10, 25, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 96, 97, 98, 98.5, 99, 99.5, 99.75, 99.9, 99.95,
    99.99, 100
  };

  private final List<Counts> types = new ArrayList<>();
  private final Map<String, Seen> causes = new TreeMap<>();
  private long skippedDeliveries;

  Tally() {
    for (TransactionType type : TransactionType.values()) {
      types.add(new Counts(type));
    }
  }

  private static final class Counts {
    private final TransactionType type;
    private final Histogram micros = new Histogram(MAX_MICROS, 3);
    private long rolledBack;
    private long retries;
    private long undetermined;
    private long failed;

    Counts(TransactionType type) {
      this.type = type;
    }
  }

  private record Seen(Failure first, long count) {}

  synchronized void committed(TransactionType type, long nanos, int skipped) {
    of(type).micros.recordValue(Math.min(MAX_MICROS, Math.max(1, nanos / 1_000)));
    skippedDeliveries += skipped;
  }

  synchronized void rolledBack(TransactionType type) {
    of(type).rolledBack++;
  }

  synchronized void retried(TransactionType type, Failure failure) {
    of(type).retries++;
    see(failure, 1);
  }

  synchronized void leftOpen(TransactionType type, Failure failure) {
    of(type).undetermined++;
    see(failure, 1);
  }

  synchronized void failed(TransactionType type, Failure failure) {
    of(type).failed++;
    see(failure, 1);
  }

  private void see(Failure failure, long count) {
    causes.merge(
        failure.cause(),
        new Seen(failure, count),
        (old, added) -> new Seen(old.first(), old.count() + added.count()));
  }

  private Counts of(TransactionType type) {
    return types.get(type.ordinal());
  }

  /** Adds what another tally, which nobody holds while waiting for this one, has counted. */
  synchronized void add(Tally other) {
    synchronized (other) {
      for (int i = 0; i < types.size(); i++) {
        Counts mine = types.get(i);
        Counts more = other.types.get(i);
        mine.micros.add(more.micros);
        mine.rolledBack += more.rolledBack;
        mine.retries += more.retries;
        mine.undetermined += more.undetermined;
        mine.failed += more.failed;
      }
      other.causes.values().forEach(seen -> see(seen.first(), seen.count()));
      skippedDeliveries += other.skippedDeliveries;
    }
  }

  synchronized long skippedDeliveries() {
    return skippedDeliveries;
  }

  synchronized List<RunResult.OfType> types() {
    return types.stream()
        .map(
            counts ->
                new RunResult.OfType(
                    counts.type,
                    counts.micros.getTotalCount(),
                    counts.rolledBack,
                    counts.retries,
                    counts.undetermined,
                    counts.failed,
                    latency(counts.micros)))
        .toList();
  }

  synchronized List<RunResult.Cause> causes() {
    return causes.values().stream()
        .sorted(Comparator.comparingLong(Seen::count).reversed())
        .map(
            seen ->
                new RunResult.Cause(
                    seen.first().cause(),
                    seen.first().verdict().name(),
                    seen.count(),
                    seen.first().example()))
        .toList();
  }

  private static RunResult.Latency latency(Histogram micros) {
    List<RunResult.Percentile> curve = new ArrayList<>();
    if (micros.getTotalCount() > 0) {
      for (double percentile : CURVE) {
        curve.add(new RunResult.Percentile(percentile, at(micros, percentile)));
      }
    }
    return new RunResult.Latency(
        micros.getTotalCount() == 0 ? 0 : Math.round(micros.getMean()) / 1e3,
        at(micros, 50),
        at(micros, 90),
        at(micros, 99),
        at(micros, 99.9),
        micros.getMaxValue() / 1e3,
        curve);
  }

  private static double at(Histogram micros, double percentile) {
    return micros.getTotalCount() == 0 ? 0 : micros.getValueAtPercentile(percentile) / 1e3;
  }
}
