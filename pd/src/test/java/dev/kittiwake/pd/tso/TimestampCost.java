package dev.kittiwake.pd.tso;

import java.util.Locale;

/** How long one timestamp takes: run by hand, not by the build. */
final class TimestampCost {
  private TimestampCost() {}

  public static void main(String[] args) {
    TimestampOracle oracle = new TimestampOracle(3_000_000, 3_600_000, System::nanoTime);
    oracle.serve(oracle.prepare(1_000, 0));
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      int taken = 0;
      for (int i = 0; i < 10_000_000; i++) {
        if (oracle.next(1) == TimestampOracle.WAIT) {
          oracle.update(1_000);
        } else {
          taken++;
        }
      }
      long nanos = System.nanoTime() - start;
      System.out.printf(Locale.ROOT, "%.1f ns per timestamp, %d taken%n", nanos / 1e7, taken);
    }
  }
}
