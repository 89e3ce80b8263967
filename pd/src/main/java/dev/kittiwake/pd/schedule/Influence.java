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
    static final Delta NONE = new Delta();

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

  Delta of(long storeId) {
    return byStore.getOrDefault(storeId, Delta.NONE);
  }

  void replica(long storeId, int sign, long mib) {
    Delta delta = byStore.computeIfAbsent(storeId, id -> new Delta());
    delta.replicas += sign;
    delta.replicaMiB += sign * mib;
  }

  void leader(long storeId, int sign, long mib) {
    Delta delta = byStore.computeIfAbsent(storeId, id -> new Delta());
    delta.leaders += sign;
    delta.leaderMiB += sign * mib;
  }

  void clear() {
    byStore.clear();
  }
}
