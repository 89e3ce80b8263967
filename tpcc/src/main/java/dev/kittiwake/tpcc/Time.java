package dev.kittiwake.tpcc;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock of a run, given from outside so that everything below it can be tested without waiting.
 */
interface Time {
  /** Nanoseconds since some fixed moment; only differences mean something. */
  long nanos();

  Instant now();

  /** Waits; a negative or zero duration returns at once. */
  void pause(Duration duration) throws InterruptedException;
}
