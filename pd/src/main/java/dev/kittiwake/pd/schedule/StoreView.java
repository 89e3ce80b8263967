package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.hot.StoreHeat;
import dev.kittiwake.pd.meta.StoreRegions;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.StoreStats;

/**
 * A store as schedulers see it. Counts follow what regions report, with what running operators will
 * change. Confined to the scheduling thread.
 */
public final class StoreView {
  private static final double GIB = 1L << 30;
  private static final double MIN_WEIGHT = 1e-6;

  /** How much of everything a store should have, relative to others. */
  public record Weight(double leader, double region) {
    public static final Weight ONE = new Weight(1, 1);

    public Weight {
      if (!(leader >= 0 && leader <= 1e6 && region >= 0 && region <= 1e6)) {
        throw new IllegalArgumentException(
            "weights " + leader + " and " + region + " must be 0 to 1000000");
      }
    }
  }

  private final ScheduleCluster cluster;
  private final long id;
  private final StoreRegions regions;
  private final Influence.Delta influence;
  private Store store;
  private StoreStats stats = StoreStats.getDefaultInstance();
  private long heardMillis; // elapsed time of the last heartbeat
  private Weight weight = Weight.ONE;
  private String leaderRefusal = ""; // why it gets no leaders
  private String leaderHold = ""; // why it keeps its leaders
  private String lastState = "";

  StoreView(ScheduleCluster cluster, Store store, long heardMillis) {
    this.cluster = cluster;
    this.id = store.getId();
    this.store = store;
    this.heardMillis = heardMillis;
    this.regions = cluster.tree().on(id);
    this.influence = cluster.operators().influence(id);
  }

  void become(Store now) {
    store = now;
  }

  void heard(StoreStats fresh, long atMillis) {
    stats = fresh;
    heardMillis = atMillis;
  }

  void weigh(Weight now) {
    weight = now;
  }

  void holdLeaders(String why) {
    leaderHold = why;
  }

  void refuseLeaders(String why) {
    leaderRefusal = why;
  }

  /** Whether the state is another than at the last call. */
  boolean hasNewState() {
    String now = stateName(cluster.config());
    boolean isNew = !now.equals(lastState);
    lastState = now;
    return isNew;
  }

  public long id() {
    return id;
  }

  public Store store() {
    return store;
  }

  public StoreStats stats() {
    return stats;
  }

  public Weight weight() {
    return weight;
  }

  /** Why it gets no leaders, e.g. because a scheduler evicts them; empty if it does. */
  public String leaderRefusal() {
    return leaderRefusal;
  }

  /** Why balancing takes no leaders from it; empty if it does. */
  public String leaderHold() {
    return leaderHold;
  }

  /** Since its last heartbeat. */
  public long silentMillis() {
    return Math.max(0, cluster.nowMillis() - heardMillis);
  }

  public boolean isUp() {
    return store.getState() == StoreState.Up;
  }

  public boolean isOffline() {
    return store.getState() == StoreState.Offline;
  }

  public boolean isTombstone() {
    return store.getState() == StoreState.Tombstone;
  }

  /** TiKV's word for the state, as operators know it. */
  public String stateName(ScheduleConfig config) {
    if (!isUp()) {
      return store.getState().name();
    }
    return isDown(config) ? "Down" : isDisconnected(config) ? "Disconnected" : "Up";
  }

  public boolean isDisconnected(ScheduleConfig config) {
    return isUp() && silentMillis() >= config.storeDisconnectedMillis();
  }

  public boolean isDown(ScheduleConfig config) {
    return isUp() && silentMillis() >= config.maxStoreDownMillis();
  }

  /** Up and heard of lately. */
  public boolean serves() {
    return isUp() && silentMillis() < cluster.config().storeDisconnectedMillis();
  }

  /** Heard of lately, also while it is drained. */
  public boolean answers() {
    return !isTombstone() && silentMillis() < cluster.config().storeDisconnectedMillis();
  }

  public boolean busy() {
    return stats.getIsBusy();
  }

  /** 1 well to 100 as slow as can be. */
  public long slowScore() {
    return stats.getSlowScore();
  }

  /** Being sent, received and applied. */
  public int snapshots() {
    return stats.getSendingSnapCount()
        + stats.getReceivingSnapCount()
        + stats.getApplyingSnapCount();
  }

  /** Free space, 0 to 1; 1 if unknown. */
  public double availableRatio() {
    return stats.getCapacity() == 0 ? 1 : (double) stats.getAvailable() / stats.getCapacity();
  }

  public StoreRegions regions() {
    return regions;
  }

  /** With what operators will change. */
  public int leaders() {
    return regions.leaders().size() + influence.leaders();
  }

  /** With what operators will change. */
  public int replicas() {
    return regions.all().size() + influence.replicas();
  }

  /** With what operators will change. */
  public long replicaMiB() {
    return regions.replicaMiB() + influence.replicaMiB();
  }

  public StoreHeat heat() {
    return cluster.hot().store(id);
  }

  /** How many leaders it has for its weight, if it had {@code delta} more. */
  public double leaderScore(int delta) {
    return (leaders() + delta) / Math.max(MIN_WEIGHT, weight.leader());
  }

  /**
   * How full it is for its weight, if it held {@code deltaMiB} more: by the size of its replicas
   * while there is space, and the more by what is left of the space the less there is.
   */
  public double regionScore(long deltaMiB) {
    double size = Math.max(0, replicaMiB() + deltaMiB);
    double capacity = stats.getCapacity() / GIB;
    double available = stats.getAvailable() / GIB;
    double reserve = capacity * (1 - cluster.config().lowSpaceRatio());
    double score;
    if (capacity < 1 || available >= capacity) {
      score = size;
    } else if (available > reserve) {
      double used = capacity - available;
      double slope =
          256 * (Math.log(capacity) - Math.log(available - reserve + 1)) / (used + reserve - 1);
      score = size * (1 + (Double.isFinite(slope) ? Math.max(0, slope) : 0));
    } else {
      score =
          size * (1 + 256 * Math.log(capacity) / capacity) + 1e10 * (reserve - available) / reserve;
    }
    return score / Math.max(MIN_WEIGHT, weight.region());
  }
}
