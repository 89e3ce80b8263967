package dev.kittiwake.cli.chaos.fault;

import java.util.random.RandomGenerator;

/** How kinds draw their numbers. */
final class Draw {
  private Draw() {}

  static String store(RandomGenerator random, int stores) {
    return "kv" + (1 + random.nextInt(stores));
  }

  /** A store, or one time in {@code stores + 1} the placement driver. */
  static String node(RandomGenerator random, int stores) {
    int number = random.nextInt(stores + 1);
    return number == 0 ? "pd" : "kv" + number;
  }

  /** From {@code low} to {@code high}, in steps of a tenth of a second. */
  static long millis(RandomGenerator random, long low, long high) {
    return low + random.nextLong((high - low) / 100 + 1) * 100;
  }

  static String seconds(long millis) {
    return "%.1f s".formatted(millis / 1_000.0);
  }
}
