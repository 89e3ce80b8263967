package dev.kittiwake.kv.transport;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the bytes that all snapshots of a store send per second: each block books its time, and
 * the next one waits for it.
 */
public final class SnapshotPace {
  private final long bytesPerSecond;
  private final int blockBytes;
  private final LongSupplier nanos;
  private final Executor workers;
  private final ScheduledExecutorService timer;
  private long bookedUntil; // guarded by this
  private boolean started;

  /**
   * @param bytesPerSecond 0 = no limit
   * @param blockBytes size of a block
   * @param workers read the engine
   * @param timer waits
   */
  public SnapshotPace(
      long bytesPerSecond,
      int blockBytes,
      LongSupplier nanos,
      Executor workers,
      ScheduledExecutorService timer) {
    this.bytesPerSecond = bytesPerSecond;
    this.blockBytes = blockBytes;
    this.nanos = nanos;
    this.workers = workers;
    this.timer = timer;
  }

  int blockBytes() {
    return blockBytes;
  }

  Executor workers() {
    return workers;
  }

  /** Runs {@code next} on a worker once {@code sent} more bytes may have left. */
  void after(long sent, Runnable next) {
    long delay = book(sent);
    if (delay <= 0) {
      workers.execute(next);
    } else {
      timer.schedule(() -> workers.execute(next), delay, TimeUnit.NANOSECONDS);
    }
  }

  private synchronized long book(long sent) {
    if (bytesPerSecond <= 0) {
      return 0;
    }
    long now = nanos.getAsLong();
    if (!started || bookedUntil - now < 0) {
      bookedUntil = now;
      started = true;
    }
    bookedUntil += sent * 1_000_000_000L / bytesPerSecond;
    return bookedUntil - now;
  }
}
