package dev.kittiwake.tpcc;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock that work moves: each committed transaction takes four milliseconds, whoever commits it
 * and however long the machine makes it wait. So a run of three seconds does the same amount of
 * work anywhere. It listens to the run whose time it is.
 */
final class WorkTime implements Time, Progress {
  private static final long NANOS_PER_COMMIT = 4_000_000;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final AtomicLong nanos = new AtomicLong(1_000_000_000L);
  private volatile Thread watcher; // the thread that shows how far a run is, while there is one

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public Instant now() {
    return Instant.ofEpochSecond(1_800_000_000L).plusNanos(nanos.get());
  }

  @Override
  public void committed(TransactionType type, long took) {
    nanos.addAndGet(NANOS_PER_COMMIT);
  }

  @Override
  public void line(String text) {}

  @Override
  public void percent(String stage, int percent) {
    if (stage.equals("run")) {
      watcher = percent < 100 ? Thread.currentThread() : null;
    }
  }

  /** Who watches waits for the work of others; who would try again later does so at once. */
  @Override
  public void pause(Duration duration) throws InterruptedException {
    if (Thread.currentThread() != watcher) {
      nanos.addAndGet(Math.max(0, duration.toNanos()) / 100);
      return;
    }
    long end = nanos.get() + duration.toNanos();
    long patience = System.nanoTime() + PATIENCE_NANOS;
    while (nanos.get() < end) {
      if (System.nanoTime() - patience > 0) {
        throw new AssertionError("in two minutes the terminals have not done a second's work");
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(100_000);
    }
  }
}
