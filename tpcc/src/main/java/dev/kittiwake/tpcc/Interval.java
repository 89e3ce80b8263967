package dev.kittiwake.tpcc;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The time of a run on the clock of {@link Time#nanos()}: warm-up from {@code begin}, measured from
 * {@code measured} to {@code end}, which may be moved nearer. Safe for many threads.
 */
final class Interval {
  private final long begin;
  private final long measured;
  private final AtomicLong end; // only ever falls

  private Interval(long begin, long measured, long end) {
    this.begin = begin;
    this.measured = measured;
    this.end = new AtomicLong(end);
  }

  static Interval from(long now, TpccOptions options) {
    long measured = now + options.warmUp().toNanos();
    return new Interval(now, measured, measured + options.duration().toNanos());
  }

  long begin() {
    return begin;
  }

  long measured() {
    return measured;
  }

  long end() {
    return end.get();
  }

  /** Ends the run at {@code now} if it would go on longer. */
  void endAt(long now) {
    end.accumulateAndGet(now, (planned, wanted) -> wanted - planned < 0 ? wanted : planned);
  }

  /** Length of the measured part as it is now known; zero if the run ends in its warm-up. */
  long measuredNanos() {
    return Math.max(0, end() - measured);
  }

  boolean counts(long at) {
    return at - measured >= 0 && at - end() < 0;
  }

  boolean over(long at) {
    return at - end() >= 0;
  }

  /** Whole seconds since the beginning of the warm-up. */
  int second(long at) {
    return (int) ((at - begin) / 1_000_000_000L);
  }

  int seconds() {
    return second(end() - 1) + 1;
  }
}
