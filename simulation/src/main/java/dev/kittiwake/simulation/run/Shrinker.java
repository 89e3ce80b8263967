package dev.kittiwake.simulation.run;

import dev.kittiwake.simulation.fault.FaultSchedule;
import java.util.function.Consumer;

/** Drops the faults that a failure does not need: first many at a time, then one by one. */
public final class Shrinker {
  private final Consumer<String> progress;
  private final int runs;

  /**
   * @param runs at most so many
   */
  public Shrinker(int runs, Consumer<String> progress) {
    this.runs = runs;
    this.progress = progress;
  }

  /** The smallest report found that breaks the same rule as {@code broken}. */
  public Report shrink(Report broken) {
    Report smallest = broken;
    int left = runs;
    for (int size = Math.max(1, broken.plan().faults().faults().size() / 2);
        size >= 1 && left > 0;
        size = size == 1 ? 0 : size / 2) {
      for (int from = 0; from < smallest.plan().faults().faults().size() && left > 0; ) {
        FaultSchedule all = smallest.plan().faults();
        int to = Math.min(all.faults().size(), from + size);
        Report fewer = new SeedRun(smallest.plan().with(all.without(from, to))).run();
        left--;
        if (fewer.isBroken() && fewer.rule().equals(broken.rule())) {
          smallest = fewer;
          progress.accept(smallest.plan().faults().faults().size() + " faults left");
        } else {
          from = to;
        }
      }
    }
    return smallest;
  }
}
