package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import java.util.List;

/**
 * A plan for one region: steps in their order.
 *
 * @param name what it is for, e.g. {@code replace-down-replica}
 * @param confVer of the region when the plan was made; others' changes make the plan void
 * @param regionMiB size of the region when the plan was made, for limits and influence
 * @param leaderStore that led the region when the plan was made
 */
public record Operator(
    String name,
    Kind kind,
    Priority priority,
    long regionId,
    long confVer,
    long regionMiB,
    long leaderStore,
    List<OperatorStep> steps) {
  /** What limits count by. */
  public enum Kind {
    ADMIN,
    REPLICA,
    LEADER,
    REGION,
    MERGE,
    HOT_REGION,
    SPLIT
  }

  /** A more urgent operator takes the place of a less urgent one. */
  public enum Priority {
    LOW,
    MEDIUM,
    HIGH,
    URGENT
  }

  public Operator {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("operator " + name + " without steps");
    }
  }

  public static Operator of(String name, Kind kind, RegionRecord region, List<OperatorStep> steps) {
    return new Operator(
        name,
        kind,
        usual(kind),
        region.id(),
        region.confVer(),
        region.countedMiB(),
        region.leader().getStoreId(),
        steps);
  }

  private static Priority usual(Kind kind) {
    switch (kind) {
      case ADMIN:
      case SPLIT:
        return Priority.HIGH;
      case REPLICA:
      case HOT_REGION:
        return Priority.MEDIUM;
      default:
        return Priority.LOW;
    }
  }

  /** The same plan, as one that others give way to. */
  public Operator with(Priority other) {
    return new Operator(name, kind, other, regionId, confVer, regionMiB, leaderStore, steps);
  }

  /** How many changes of the configuration version the first {@code count} steps may cause. */
  int confVerChanges(int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += steps.get(i).confVerChanges();
    }
    return sum;
  }

  @Override
  public String toString() {
    return name + " region " + regionId + ": " + steps;
  }
}
