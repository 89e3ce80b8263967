package dev.kittiwake.simulation.run;

import dev.kittiwake.proto.Wiring;
import dev.kittiwake.simulation.fault.FaultKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** Many seeds, on one thread or several, until there are enough or the time is over. */
public final class Night {
  private final long firstSeed;
  private final long seeds;
  private final long beginNanos; // as System.nanoTime
  private final long deadlineNanos;
  private final LongFunction<Plan> plans;
  private final Consumer<Report> onReport;
  private final AtomicLong next = new AtomicLong();
  private final List<Report> broken = new ArrayList<>(); // guarded by this
  private final Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class); // guarded by this
  private long done; // guarded by this, like the rest
  private long simulatedNanos;
  private long operations;
  private long succeeded;
  private long events;

  /**
   * @param seeds at most so many
   * @param minutes of wall clock after which no seed is begun
   * @param plans what a seed is
   * @param onReport told of each run, one at a time
   */
  @Wiring
  public Night(
      long firstSeed,
      long seeds,
      double minutes,
      LongFunction<Plan> plans,
      Consumer<Report> onReport) {
    this.firstSeed = firstSeed;
    this.seeds = seeds;
    this.beginNanos = System.nanoTime();
    this.deadlineNanos = beginNanos + (long) (minutes * 60e9);
    this.plans = plans;
    this.onReport = onReport;
  }

  /** Runs on so many threads, this one included; returns when it is over. */
  @Wiring
  public void run(int threads) {
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      Thread other = new Thread(this::work, "simulation-" + i);
      other.start();
      others.add(other);
    }
    work();
    for (Thread other : others) {
      try {
        other.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Wiring
  private void work() {
    while (System.nanoTime() - deadlineNanos < 0) {
      long number = next.getAndIncrement();
      if (number >= seeds) {
        return;
      }
      add(new SeedRun(plans.apply(firstSeed + number)).run());
    }
  }

  private synchronized void add(Report report) {
    done++;
    simulatedNanos += report.simulatedNanos();
    operations += report.operations();
    succeeded += report.succeeded();
    events += report.events();
    report.struck().forEach((kind, count) -> faults.merge(kind, count, Integer::sum));
    if (report.isBroken()) {
      broken.add(report);
    }
    onReport.accept(report);
  }

  public synchronized long done() {
    return done;
  }

  public synchronized double simulatedHours() {
    return simulatedNanos / 3.6e12;
  }

  public synchronized List<Report> broken() {
    return List.copyOf(broken);
  }

  /** What was run, in a few lines. */
  @Wiring
  public synchronized String summary() {
    int struck = faults.values().stream().mapToInt(Integer::intValue).sum();
    return done
        + " seeds from "
        + firstSeed
        + ", "
        + String.format(java.util.Locale.ROOT, "%.2f", simulatedHours())
        + " simulated hours ("
        + String.format(
            java.util.Locale.ROOT,
            "%.2f",
            simulatedHours() / Math.max(1e-3, (System.nanoTime() - beginNanos) / 60e9))
        + " a minute), "
        + operations
        + " operations ("
        + succeeded
        + " succeeded), "
        + events
        + " events, "
        + struck
        + " faults "
        + faults
        + ", "
        + broken.size()
        + " seeds broken";
  }
}
