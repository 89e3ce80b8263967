package dev.kittiwake.pd.schedule;

/**
 * Settings of the schedulers; they hold for the whole cluster.
 *
 * @param maxReplicas wanted replicas of a region
 * @param maxStoreDownMillis without a heartbeat for that long, a store's replicas are replaced
 * @param storeDisconnectedMillis without a heartbeat for that long, a store gets nothing new
 * @param leaderLimit operators of one kind at a time
 * @param lowSpaceRatio a store that uses more than this part of its space gets no replicas
 * @param maxSnapshots a store that handles more snapshots gets no replicas
 * @param jointConsensus whether a replacement changes several roles at once
 * @param leaderTolerance how many leaders two stores may differ without a move
 */
public record ScheduleConfig(
    int maxReplicas,
    long maxStoreDownMillis,
    long storeDisconnectedMillis,
    int leaderLimit,
    int regionLimit,
    int replicaLimit,
    double lowSpaceRatio,
    int maxSnapshots,
    boolean jointConsensus,
    int leaderTolerance) {
  public static final ScheduleConfig DEFAULT =
      new ScheduleConfig(3, 30 * 60_000L, 20_000, 4, 2048, 64, 0.8, 64, false, 2);

  int limit(Operator.Kind kind) {
    switch (kind) {
      case LEADER:
        return leaderLimit;
      case REGION:
        return regionLimit;
      case REPLICA:
        return replicaLimit;
      default:
        return Integer.MAX_VALUE;
    }
  }
}
