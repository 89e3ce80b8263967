package dev.kittiwake.pd.schedule;

import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;

/**
 * A store as schedulers see it. A value.
 *
 * @param silentMillis since its last heartbeat
 * @param leaders how many regions it leads, with what running operators will change
 * @param replicas how many regions it holds, with what running operators will change
 * @param availableRatio free space, 0 to 1; 1 if unknown
 */
public record StoreView(
    Store store,
    long silentMillis,
    int leaders,
    int replicas,
    double availableRatio,
    boolean busy,
    int snapshots) {
  public long id() {
    return store.getId();
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
    return isUp() && silentMillis >= config.storeDisconnectedMillis();
  }

  public boolean isDown(ScheduleConfig config) {
    return isUp() && silentMillis >= config.maxStoreDownMillis();
  }
}
