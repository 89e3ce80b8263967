package dev.kittiwake.kv.txn;

import dev.kittiwake.kv.region.RegionListener;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.txn.wait.InMemoryLocks;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Before a new leader computes commit timestamps itself (asynchronous and one-phase commit), its
 * largest read timestamp must exceed every timestamp that earlier leaders of the region served
 * reads at. A fresh timestamp of the oracle does.
 */
public final class MaxTsSync implements RegionListener {
  private static final long RETRY_MILLIS = 100;

  private final Supplier<CompletableFuture<Long>> oracle;
  private final InMemoryLocks memory;
  private final ScheduledExecutorService timer;
  private final Map<Long, Long> leading =
      new ConcurrentHashMap<>(); // region id → term in which this store leads it
  private final Map<Long, Long> synced =
      new ConcurrentHashMap<>(); // region id → term for which the timestamp is fetched

  public MaxTsSync(
      Supplier<CompletableFuture<Long>> oracle,
      InMemoryLocks memory,
      ScheduledExecutorService timer) {
    this.oracle = oracle;
    this.memory = memory;
    this.timer = timer;
  }

  /** Whether commit timestamps may be computed for the region in the view's term. */
  boolean isSynced(RegionView view) {
    Long term = synced.get(view.regionId());
    return term != null && term == view.term();
  }

  @Override
  public void onLeaderGained(RegionView view) {
    leading.put(view.regionId(), view.term());
    fetch(view.regionId(), view.term());
  }

  private void fetch(long regionId, long term) {
    oracle
        .get()
        .whenComplete(
            (ts, failure) -> {
              Long present = leading.get(regionId);
              if (present == null || present != term) {
                return; // no longer leads, or in another term that fetches for itself
              }
              if (failure == null) {
                memory.raiseMaxTs(ts);
                synced.put(regionId, term);
              } else {
                timer.schedule(() -> fetch(regionId, term), RETRY_MILLIS, TimeUnit.MILLISECONDS);
              }
            });
  }

  @Override
  public void onLeaderLost(long regionId, long term) {
    leading.remove(regionId);
    synced.remove(regionId);
  }

  @Override
  public void onDestroyed(long regionId) {
    leading.remove(regionId);
    synced.remove(regionId);
  }
}
