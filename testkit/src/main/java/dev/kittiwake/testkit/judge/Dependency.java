package dev.kittiwake.testkit.judge;

/**
 * Why one transaction comes before another (Adya §4.3).
 *
 * @param from index among the committed transactions
 * @param to likewise
 * @param before the version {@code from} wrote or read; null is absence
 * @param after the version {@code to} wrote or read
 * @param current for reads: whether the newest data was read under a lock
 */
record Dependency(
    int from, int to, Kind kind, Item item, Long before, Long after, boolean current) {
  /** The three kinds of direct dependencies, and the order that a clock on the wall would show. */
  enum Kind {
    /** {@code to} overwrote what {@code from} wrote. */
    WRITE_WRITE,
    /** {@code to} read what {@code from} wrote. */
    WRITE_READ,
    /** {@code to} overwrote what {@code from} read: an anti-dependency. */
    READ_WRITE,
    /** {@code from} had ended when {@code to} began. */
    REAL_TIME
  }

  String explain(Transaction first, Transaction second) {
    switch (kind) {
      case WRITE_WRITE:
        return String.format(
            "%s wrote %s to %s before %s wrote %s",
            first.name(), before, item, second.name(), after);
      case WRITE_READ:
        return String.format(
            "%s wrote %s to %s, which %s saw", first.name(), after, item, second.name());
      case READ_WRITE:
        return String.format(
            "%s read %s %s, without the %s that %s wrote",
            first.name(),
            item,
            before == null ? "as absent" : "up to " + before,
            after,
            second.name());
      default:
        return String.format("%s had ended before %s began", first.name(), second.name());
    }
  }
}
