package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.util.function.LongSupplier;

/**
 * What may end a statement early: its deadline, and a cancel from any thread. Operators ask it
 * every few rows.
 */
public final class Interrupt {
  private static final int EVERY = 64; // rows between two looks at the clock

  private final LongSupplier nanos;
  private final long deadlineNanos;
  private final long timeoutMillis;
  private volatile boolean cancelled;
  private Runnable waiting; // guarded by this; told when a cancel comes; null: nobody
  private int rows;

  /**
   * @param timeoutMillis 0 = none
   */
  public Interrupt(LongSupplier nanos, long timeoutMillis) {
    this.nanos = nanos;
    this.timeoutMillis = timeoutMillis;
    this.deadlineNanos = timeoutMillis == 0 ? 0 : nanos.getAsLong() + timeoutMillis * 1_000_000;
  }

  /** Any thread. */
  public synchronized void cancel() {
    cancelled = true;
    if (waiting != null) {
      waiting.run();
    }
  }

  /** Cancels go on to {@code call}, which ends what the statement waits for; null: to nobody. */
  public synchronized void watch(Runnable call) {
    waiting = call;
  }

  public boolean isCancelled() {
    return cancelled;
  }

  public long remainingMillis() {
    return timeoutMillis == 0
        ? Long.MAX_VALUE
        : Math.max(1, (deadlineNanos - nanos.getAsLong()) / 1_000_000);
  }

  public boolean hasDeadline() {
    return timeoutMillis != 0;
  }

  /** Called for each row. */
  void row() {
    if (++rows % EVERY == 0) {
      check();
    }
  }

  /**
   * @throws SqlError 57014 if cancelled, HYT00 if late
   */
  public void check() {
    if (cancelled) {
      throw cancelledError();
    }
    if (timeoutMillis != 0 && nanos.getAsLong() - deadlineNanos > 0) {
      throw timeoutError();
    }
  }

  public static SqlError cancelledError() {
    return SqlError.of(SqlStates.CANCELLED, "the statement was cancelled");
  }

  public SqlError timeoutError() {
    return SqlError.of(
        SqlStates.TIMEOUT, "the statement ran longer than its timeout of " + timeoutMillis + " ms");
  }
}
