package dev.kittiwake.cli.chaos.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws the schedule of a run from its seed. Pure: the same plan gives the same schedule, on every
 * machine.
 */
public final class Planner {
  private Planner() {}

  /**
   * What to draw from.
   *
   * @param brisk no pause between faults, and each as short as it makes sense
   */
  public record Plan(long seed, Set<FaultKind> kinds, int stores, int count, boolean brisk) {
    public Plan {
      kinds = Set.copyOf(kinds);
    }
  }

  /**
   * One fault of a schedule.
   *
   * @param number from 1
   * @param calmMillis how long the cluster is left alone before it
   */
  public record Planned(int number, long calmMillis, Fault fault) {}

  /** The faults in their order; empty if there is nothing to draw from. */
  public static List<Planned> draw(Plan plan) {
    List<FaultKind> kinds = plan.kinds().stream().sorted().toList();
    List<Planned> schedule = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(plan.seed());
    for (int number = 1; number <= plan.count() && !kinds.isEmpty(); number++) {
      SplittableRandom own = random.split();
      FaultKind kind = kinds.get(own.nextInt(kinds.size()));
      long calm = plan.brisk() ? 0 : Draw.millis(own, 2_000, 10_000);
      schedule.add(new Planned(number, calm, kind.draw(own, plan.stores(), plan.brisk())));
    }
    return schedule;
  }
}
