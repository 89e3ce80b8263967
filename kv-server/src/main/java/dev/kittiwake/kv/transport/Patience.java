package dev.kittiwake.kv.transport;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long the sender of a snapshot may be silent.
 *
 * @param timer short tasks only
 * @param nanos elapsed time
 * @param idleNanos from when a chunk was asked for until it must be there
 */
public record Patience(ScheduledExecutorService timer, LongSupplier nanos, long idleNanos) {
  private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(60);

  /**
   * As long as it takes senders that are as slow as this store would be.
   *
   * @param bytesPerSecond of all snapshots of a store; 0 = no limit
   * @param chunkBytes size of a chunk
   * @param snapshots that a store sends at a time
   */
  public static Patience of(
      ScheduledExecutorService timer,
      LongSupplier nanos,
      long bytesPerSecond,
      int chunkBytes,
      int snapshots) {
    long turnSeconds = bytesPerSecond == 0 ? 0 : (long) chunkBytes * snapshots / bytesPerSecond;
    return new Patience(
        timer, nanos, Math.max(LEAST_NANOS, TimeUnit.SECONDS.toNanos(2 * turnSeconds)));
  }
}
