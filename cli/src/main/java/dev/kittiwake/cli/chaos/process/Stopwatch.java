package dev.kittiwake.cli.chaos.process;

import java.util.concurrent.Callable;
import java.util.function.LongSupplier;

/** The time of one run: everything that is recorded counts from its start. Thread-safe. */
public final class Stopwatch {
  private static final long LOOK_AGAIN_MILLIS = 20;

  private final LongSupplier clock;
  private final Rest rest;
  private final long origin;

  /** How a thread lets time pass. */
  public interface Rest {
    void millis(long millis) throws InterruptedException;
  }

  /**
   * @param clock nanoseconds that never go back
   */
  public Stopwatch(LongSupplier clock, Rest rest) {
    this.clock = clock;
    this.rest = rest;
    this.origin = clock.getAsLong();
  }

  /** Nanoseconds since the start. */
  public long nanos() {
    return clock.getAsLong() - origin;
  }

  /** Milliseconds since the start. */
  public long millis() {
    return nanos() / 1_000_000;
  }

  public void pause(long millis) throws InterruptedException {
    rest.millis(Math.max(0, millis));
  }

  /** Looks again and again; false if it does not hold within {@code patienceMillis}. */
  public boolean until(long patienceMillis, Callable<Boolean> condition) throws Exception {
    long deadline = millis() + patienceMillis;
    while (!condition.call()) {
      if (millis() >= deadline) {
        return false;
      }
      pause(LOOK_AGAIN_MILLIS);
    }
    return true;
  }
}
