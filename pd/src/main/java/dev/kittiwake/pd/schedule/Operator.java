package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import java.util.List;

/**
 * A plan for one region: steps in their order.
 *
 * @param name what it is for, e.g. {@code replace-down-replica}
 * @param confVer of the region when the plan was made; others' changes make the plan void
 * @param version of the region when the plan was made
 */
public record Operator(
    String name, Kind kind, long regionId, long version, long confVer, List<OperatorStep> steps) {
  /** What limits and priorities count by. The first are the more urgent ones. */
  public enum Kind {
    ADMIN,
    REPLICA,
    LEADER,
    REGION
  }

  public Operator {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("operator " + name + " without steps");
    }
  }

  public static Operator of(String name, Kind kind, RegionRecord region, List<OperatorStep> steps) {
    return new Operator(name, kind, region.id(), region.version(), region.confVer(), steps);
  }

  /** How many changes of the configuration version the first {@code count} steps may cause. */
  int confVerChanges(int count) {
    return steps.stream().limit(count).mapToInt(OperatorStep::confVerChanges).sum();
  }

  @Override
  public String toString() {
    return name + " region " + regionId + ": " + steps;
  }
}
