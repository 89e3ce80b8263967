package dev.kittiwake.pd.schedule;

import java.util.List;

/** The filters for each purpose, in the order in which they are asked. Pure. */
final class Filters {
  private static final StoreFilter SERVING = new ServingFilter();
  private static final StoreFilter BUSY = new BusyFilter();
  private static final StoreFilter LIMIT_ADD = new LimitFilter(StoreLimits.Direction.ADD);

  /** May take a replica to mend a region. */
  static final List<StoreFilter> REPAIR_TARGET =
      List.of(
          SERVING,
          BUSY,
          new WeightFilter(),
          new SpaceFilter(),
          new SnapshotFilter(),
          new PendingFilter(),
          new SlowFilter());

  /** May take a replica to mend a region if all others are slow: a slow one is better than none. */
  static final List<StoreFilter> LAST_TARGET =
      List.of(
          SERVING,
          BUSY,
          new WeightFilter(),
          new SpaceFilter(),
          new SnapshotFilter(),
          new PendingFilter());

  /** May take a replica when nothing is broken. */
  static final List<StoreFilter> BALANCE_TARGET =
      List.of(
          SERVING,
          BUSY,
          new WeightFilter(),
          new SpaceFilter(),
          new SnapshotFilter(),
          new PendingFilter(),
          new SlowFilter(),
          LIMIT_ADD);

  /** May give a replica away when nothing is broken. */
  static final List<StoreFilter> BALANCE_SOURCE =
      List.of(SERVING, BUSY, new LimitFilter(StoreLimits.Direction.REMOVE));

  /** May become a leader's store. */
  static final List<StoreFilter> LEADER_TARGET =
      List.of(SERVING, BUSY, new SlowFilter(), new LeaderFilter());

  private Filters() {}

  /** What the first filter that refuses says; empty if none does. */
  static String refuse(List<StoreFilter> filters, StoreView store, ClusterView view) {
    for (StoreFilter filter : filters) {
      String refused = filter.refuse(store, view);
      if (!refused.isEmpty()) {
        return refused;
      }
    }
    return "";
  }

  static boolean passes(List<StoreFilter> filters, StoreView store, ClusterView view) {
    return refuse(filters, store, view).isEmpty();
  }
}
