package dev.kittiwake.kv.txn;

import dev.kittiwake.kv.region.RegionListener;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.key.KeyRange;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets those who wait for locks of a region look again where their lock is when the region changes
 * its leader or its range; all others go on waiting. Thread-safe.
 */
public final class WaitersByRegion implements RegionListener {
  private final LockWaiters waiters;
  private final Map<Long, KeyRange> led = new ConcurrentHashMap<>(); // by region id

  public WaitersByRegion(LockWaiters waiters) {
    this.waiters = waiters;
  }

  @Override
  public void onLeaderGained(RegionView view) {
    led.put(view.regionId(), view.range());
  }

  @Override
  public void onLeaderLost(long regionId, long term) {
    wake(regionId);
  }

  @Override
  public void onDestroyed(long regionId) {
    wake(regionId);
  }

  private void wake(long regionId) {
    KeyRange range = led.remove(regionId);
    if (range != null) {
      waiters.wakeWithin(range);
    }
  }

  @Override
  public void onSplit(RegionView before, List<RegionView> after, boolean wasLeader) {
    for (RegionView piece : after) {
      led.computeIfPresent(piece.regionId(), (id, range) -> piece.range());
    }
    waiters.wakeWithin(before.range());
  }

  @Override
  public void onMerged(RegionView before, RegionView after, boolean wasLeader) {
    led.computeIfPresent(after.regionId(), (id, range) -> after.range());
    waiters.wakeWithin(after.range());
  }
}
