package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.schedule.ScheduleCluster;
import dev.kittiwake.pd.schedule.ScheduleConfig;
import dev.kittiwake.pd.schedule.StoreView;
import java.util.Collection;
import java.util.Optional;

/** The stores as they are known now, for those who only look. On the loop. */
public final class LiveView {
  private final ScheduleCluster state;

  public LiveView(PdCluster cluster) {
    this.state = cluster.placement().coordinator().cluster();
  }

  public ScheduleConfig config() {
    return state.config();
  }

  /** By id, tombstones included. */
  public Collection<StoreView> stores() {
    return state.stores();
  }

  public Optional<StoreView> store(long id) {
    return state.store(id);
  }
}
