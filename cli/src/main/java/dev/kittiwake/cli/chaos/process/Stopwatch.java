package dev.kittiwake.cli.chaos.process;

import dev.kittiwake.proto.Wiring;
import java.util.concurrent.Callable;

/** The time of one run: everything that is recorded counts from its start. Thread-safe. */
@Wiring
public final class Stopwatch {
  private static final long LOOK_AGAIN_MILLIS = 20;

  private final long origin = System.nanoTime();

  /** Nanoseconds since the start. */
  public long nanos() {
    return System.nanoTime() - origin;
  }

  /** Milliseconds since the start. */
  public long millis() {
    return nanos() / 1_000_000;
  }

  public void pause(long millis) throws InterruptedException {
    Thread.sleep(Math.max(0, millis));
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
