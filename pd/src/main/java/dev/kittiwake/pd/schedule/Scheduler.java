package dev.kittiwake.pd.schedule;

import java.util.Map;

/**
 * Looks at the whole cluster and proposes one move. Decides from what it sees; what it may keep is
 * where it left off. Confined to the scheduling thread.
 */
public interface Scheduler {
  /** As it is written in reasons and metrics, e.g. {@code balance-leader-scheduler}. */
  String name();

  Decision schedule(ClusterView view);

  /** Stores that must get no leaders as long as this scheduler works, with the reason. */
  default Map<Long, String> leaderRefusals() {
    return Map.of();
  }

  /** Stores that balancing must take no leaders from as long as this scheduler works: why. */
  default Map<Long, String> leaderHolds() {
    return Map.of();
  }
}
