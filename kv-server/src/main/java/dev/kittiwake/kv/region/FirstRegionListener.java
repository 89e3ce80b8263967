package dev.kittiwake.kv.region;

import java.util.List;

/**
 * Knows whether this store leads the first region, the one with the empty key: whoever does has
 * work for the whole cluster. Leadership moves with elections, and also by splits (the first piece
 * has a new id and a leader of its own) and by merges (the region that takes the first one in
 * becomes it, and its leader stays). Thread-safe: all happens under this object's lock.
 */
public abstract class FirstRegionListener implements RegionListener {
  private long firstRegion; // that is led here, or 0; guarded by this

  protected final synchronized boolean leadsFirstRegion() {
    return firstRegion != 0;
  }

  /** A new leadership of the first region began here. Under the lock. */
  protected void onFirstRegionGained() {}

  /** It has ended. Under the lock. */
  protected void onFirstRegionLost() {}

  @Override
  public final synchronized void onLeaderGained(RegionView view) {
    if (isFirst(view)) {
      firstRegion = view.regionId();
      onFirstRegionGained();
    }
  }

  @Override
  public final synchronized void onLeaderLost(long regionId, long term) {
    forget(regionId);
  }

  @Override
  public final synchronized void onDestroyed(long regionId) {
    forget(regionId);
  }

  @Override
  public final synchronized void onSplit(
      RegionView before, List<RegionView> after, boolean wasLeader) {
    boolean stays =
        after.stream().anyMatch(piece -> piece.regionId() == before.regionId() && isFirst(piece));
    if (!stays) { // the leader of the first piece will be told
      forget(before.regionId());
    }
  }

  @Override
  public final synchronized void onMerged(RegionView before, RegionView after, boolean wasLeader) {
    if (wasLeader && isFirst(after) && !isFirst(before)) {
      boolean continued = firstRegion != 0; // both were led here: nothing begins anew
      firstRegion = after.regionId();
      if (!continued) {
        onFirstRegionGained();
      }
    }
  }

  private static boolean isFirst(RegionView view) {
    return view.range().start().isEmpty();
  }

  private void forget(long regionId) {
    if (firstRegion == regionId) {
      firstRegion = 0;
      onFirstRegionLost();
    }
  }
}
