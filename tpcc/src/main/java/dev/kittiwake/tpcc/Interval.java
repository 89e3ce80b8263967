package dev.kittiwake.tpcc;

/**
 * The time of a run on the clock of {@link Time#nanos()}: warm-up from {@code begin}, measured from
 * {@code measured} to {@code end}.
 */
record Interval(long begin, long measured, long end) {
  static Interval from(long now, TpccOptions options) {
    long measured = now + options.warmUp().toNanos();
    return new Interval(now, measured, measured + options.duration().toNanos());
  }

  boolean counts(long at) {
    return at - measured >= 0 && at - end < 0;
  }

  boolean over(long at) {
    return at - end >= 0;
  }

  /** Whole seconds since the beginning of the warm-up. */
  int second(long at) {
    return (int) ((at - begin) / 1_000_000_000L);
  }

  int seconds() {
    return second(end - 1) + 1;
  }
}
