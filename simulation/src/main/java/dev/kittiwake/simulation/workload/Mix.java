package dev.kittiwake.simulation.workload;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Who does how much of what.
 *
 * @param clients machines
 * @param processes on each, each doing one thing after the other
 * @param pauseMillis between two operations of a process, on average
 * @param weights of the kinds of operations
 * @param keys of each kind of data
 * @param replicaReads whether some operations are reads that other replicas than the leaders serve
 */
public record Mix(
    int clients,
    int processes,
    long pauseMillis,
    Map<DeedKind, Integer> weights,
    int keys,
    boolean replicaReads) {
  /** 20 operations a second of all kinds, by 15 processes on three machines. */
  public static final Mix STANDARD = new Mix(3, 5, 50L * 3 * 5, everyKind(), 6, false);

  public Mix {
    weights = new EnumMap<>(weights);
  }

  private static Map<DeedKind, Integer> everyKind() {
    EnumMap<DeedKind, Integer> weights = new EnumMap<>(DeedKind.class);
    for (DeedKind kind : DeedKind.values()) {
      weights.put(kind, kind.weight());
    }
    return weights;
  }

  /** About 20 operations a second, of some or all kinds. */
  public static Mix draw(RandomGenerator random) {
    EnumMap<DeedKind, Integer> weights = new EnumMap<>(DeedKind.class);
    boolean picky = random.nextBoolean();
    for (DeedKind kind : DeedKind.values()) {
      if (!picky || random.nextInt(3) == 0) {
        weights.put(kind, kind.weight() * (1 + random.nextInt(3)));
      }
    }
    if (weights.isEmpty()) {
      weights.put(DeedKind.RAW, 1);
    }
    int clients = 2 + random.nextInt(3);
    int processes = 2 + random.nextInt(4);
    return new Mix(
        clients, processes, 50L * clients * processes, weights, 2 + random.nextInt(8), false);
  }

  public Mix withReplicaReads() {
    return new Mix(clients, processes, pauseMillis, weights, keys, true);
  }
}
