package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.cli.chaos.process.Stopwatch;
import dev.kittiwake.tpcc.AuditResult;
import dev.kittiwake.tpcc.Progress;
import dev.kittiwake.tpcc.RunResult;
import dev.kittiwake.tpcc.Tpcc;
import dev.kittiwake.tpcc.TpccOptions;
import dev.kittiwake.tpcc.TransactionType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** TPC-C and its ledger, and how long it stood still after a leader was killed. Thread-safe. */
public final class TpccWorkload {
  private static final long END_SECONDS = 150;

  private final Stopwatch time;
  private final Throughput throughput;
  private final Tpcc tpcc;
  private final AtomicLong newOrders = new AtomicLong();
  private final List<Long> openKills = new ArrayList<>(); // guarded by itself
  private final List<Long> waits = new ArrayList<>(); // guarded by openKills
  private Future<RunResult> running;

  public TpccWorkload(TpccOptions options, Stopwatch time, Throughput throughput) {
    this.time = time;
    this.throughput = throughput;
    this.tpcc = new Tpcc(options, new Listener());
  }

  /** Hears of every commit. */
  private final class Listener implements Progress {
    @Override
    public void line(String text) {}

    @Override
    public void percent(String stage, int percent) {}

    @Override
    public void committed(TransactionType type, long nanos) {
      throughput.done();
      if (type == TransactionType.NEW_ORDER) {
        newOrders.incrementAndGet();
      }
      long now = time.millis();
      long begun = now - nanos / 1_000_000;
      synchronized (openKills) {
        openKills.removeIf(
            killed -> {
              if (killed >= begun) {
                return false;
              }
              waits.add(now - killed);
              return true;
            });
      }
    }

    @Override
    public void failedTry(TransactionType type, String cause) {
      throughput.failed();
    }
  }

  public void load() throws InterruptedException {
    tpcc.load();
  }

  public void start(ExecutorService threads) {
    running = threads.submit(tpcc::run);
  }

  /** Acknowledged new-orders so far. */
  public long newOrders() {
    return newOrders.get();
  }

  /**
   * A leader was killed.
   *
   * @param atMillis when, on the stopwatch
   */
  public void killed(long atMillis) {
    synchronized (openKills) {
      openKills.add(atMillis);
    }
  }

  /** Whether no transaction that began after the last kill has been committed yet. */
  public boolean waiting() {
    synchronized (openKills) {
      return !openKills.isEmpty();
    }
  }

  /** Milliseconds from each kill of a leader to the first commit begun after it. */
  public List<Long> waits() {
    synchronized (openKills) {
      return List.copyOf(waits);
    }
  }

  /** Whether the terminals work. */
  public boolean isRunning() {
    return running != null && !running.isDone();
  }

  /**
   * Ends the run and returns what it measured.
   *
   * @throws IllegalStateException if it broke, or does not end
   */
  public RunResult stop() throws InterruptedException {
    tpcc.stop();
    try {
      return running.get(END_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException broken) {
      throw new IllegalStateException("TPC-C broke: " + broken.getCause().getMessage(), broken);
    } catch (TimeoutException stuck) {
      throw new IllegalStateException("TPC-C does not end within " + END_SECONDS + " s", stuck);
    }
  }

  /** The twelve conditions and the ledger. */
  public AuditResult check() throws InterruptedException {
    return tpcc.check();
  }
}
