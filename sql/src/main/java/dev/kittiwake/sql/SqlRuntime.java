package dev.kittiwake.sql;

import dev.kittiwake.proto.Wiring;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Time and threads that an engine uses.
 *
 * @param clock for CURRENT_TIMESTAMP
 * @param nanos elapsed time for deadlines
 * @param background runs the warm-up
 * @param pauseMillis waits so long; between the steps of a schema change
 * @param zone of CURRENT_TIMESTAMP
 */
public record SqlRuntime(
    InstantSource clock,
    LongSupplier nanos,
    Executor background,
    LongConsumer pauseMillis,
    ZoneId zone) {
  /** The machine's clock and time zone, and a daemon thread for what happens in the background. */
  @Wiring
  public static SqlRuntime production() {
    ThreadPoolExecutor background =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "kittiwake-sql-background");
              thread.setDaemon(true);
              return thread;
            });
    background.allowCoreThreadTimeOut(true);
    return new SqlRuntime(
        InstantSource.system(),
        System::nanoTime,
        background,
        millis -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis)),
        ZoneId.systemDefault());
  }
}
