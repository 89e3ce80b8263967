package dev.kittiwake.pd.cluster;

import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Notices when a store becomes too full to take replicas, for regions may have fewer than they
 * should because of that, and when it takes them again. Pure; confined to the loop.
 */
final class SpaceWatch {
  private final SortedSet<Long> low = new TreeSet<>();

  void clear() {
    low.clear();
  }

  /**
   * A store has reported.
   *
   * @param used the share of its capacity that is taken, 0 to 1
   * @param limit from where on it takes no replicas
   * @return what people should know, once for each change
   */
  Optional<String> look(long storeId, double used, double limit) {
    if (used > limit && low.add(storeId)) {
      return Optional.of(
          "event=low_space store="
              + storeId
              + " used="
              + percent(used)
              + ": above "
              + percent(limit)
              + " a store takes no replicas; free space there, add a store or raise "
              + "schedule.low-space-ratio");
    }
    return used <= limit && low.remove(storeId)
        ? Optional.of("event=space_again store=" + storeId + " used=" + percent(used))
        : Optional.empty();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }
}
