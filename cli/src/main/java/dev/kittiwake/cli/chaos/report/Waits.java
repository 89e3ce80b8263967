package dev.kittiwake.cli.chaos.report;

import java.util.List;

/** How long clients waited, in milliseconds; sorted. */
public record Waits(String name, List<Long> millis) {
  public Waits {
    millis = millis.stream().sorted().toList();
  }

  public int count() {
    return millis.size();
  }

  /** The smallest wait that {@code percent} of all do not exceed; 0 if there is none. */
  public long percentile(double percent) {
    if (millis.isEmpty()) {
      return 0;
    }
    int rank = (int) Math.ceil(percent / 100 * millis.size());
    return millis.get(Math.max(0, rank - 1));
  }

  public long max() {
    return millis.isEmpty() ? 0 : millis.get(millis.size() - 1);
  }

  /** For people. */
  public String line() {
    return millis.isEmpty()
        ? name + ": not measured"
        : "%s: %d measured, p50 %.2f s, p99 %.2f s, max %.2f s"
            .formatted(name, count(), percentile(50) / 1e3, percentile(99) / 1e3, max() / 1e3);
  }
}
