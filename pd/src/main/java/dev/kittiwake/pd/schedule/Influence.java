package dev.kittiwake.pd.schedule;

import java.util.HashMap;
import java.util.Map;

/**
 * What the operators at work will change for each store, kept as running sums: schedulers see the
 * cluster as it will be, and do not decide the same move twice. Only looked up, never walked.
 */
final class Influence {
  /** Of one store. */
  static final class Delta {
    private int leaders;
    private int replicas;
    private long leaderMiB;
    private long replicaMiB;

    int leaders() {
      return leaders;
    }

    int replicas() {
      return replicas;
    }

    long leaderMiB() {
      return leaderMiB;
    }

    long replicaMiB() {
      return replicaMiB;
    }
  }

  private final Map<Long, Delta> byStore = new HashMap<>();

  /** Follows what comes later. */
  Delta of(long storeId) {
    return byStore.computeIfAbsent(storeId, id -> new Delta());
  }

  void replica(long storeId, int sign, long mib) {
    Delta delta = of(storeId);
    delta.replicas += sign;
    delta.replicaMiB += sign * mib;
  }

  void leader(long storeId, int sign, long mib) {
    Delta delta = of(storeId);
    delta.leaders += sign;
    delta.leaderMiB += sign * mib;
  }

  void clear() {
    for (Delta delta : byStore.values()) {
      delta.leaders = 0;
      delta.replicas = 0;
      delta.leaderMiB = 0;
      delta.replicaMiB = 0;
    }
  }
}
