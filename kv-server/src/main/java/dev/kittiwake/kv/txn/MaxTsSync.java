package dev.kittiwake.kv.txn;

import dev.kittiwake.kv.region.RegionListener;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.txn.wait.InMemoryLocks;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Before a new leader computes commit timestamps itself (asynchronous and one-phase commit), its
 * largest read timestamp must exceed every timestamp that earlier leaders of the region served
 * reads at. A fresh timestamp of the oracle does.
 *
 * <p>A region that was split off from one that is synced here, and is led here first, is synced
 * from the start: nobody else has served reads of its keys since. A region that has swallowed
 * another is not: those keys may have been read elsewhere.
 */
public final class MaxTsSync implements RegionListener {
  private static final long RETRY_MILLIS = 100;

  private final Supplier<CompletableFuture<Long>> oracle;
  private final InMemoryLocks memory;
  private final ScheduledExecutorService timer;
  private final Map<Long, Leadership> leading =
      new ConcurrentHashMap<>(); // by region id: those that this store leads
  private final Map<Long, Long> synced =
      new ConcurrentHashMap<>(); // region id → term for which the timestamp is fetched
  private final Set<Long> heirs =
      ConcurrentHashMap.newKeySet(); // split off here, not yet led by anyone

  /** What a timestamp is fetched for: an answer serves no other term, and no larger range. */
  private record Leadership(long term, long version) {}

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
    Leadership leadership = new Leadership(view.term(), view.version());
    leading.put(view.regionId(), leadership);
    if (heirs.remove(view.regionId()) && view.isFirstLeadership()) {
      synced.put(view.regionId(), view.term());
      return;
    }
    fetch(view.regionId(), leadership);
  }

  private void fetch(long regionId, Leadership leadership) {
    oracle
        .get()
        .whenComplete(
            (ts, failure) -> {
              if (!leadership.equals(leading.get(regionId))) {
                return; // no longer leads, or in another term that fetches for itself
              }
              if (failure == null) {
                memory.raiseMaxTs(ts);
                synced.put(regionId, leadership.term());
              } else {
                timer.schedule(
                    () -> fetch(regionId, leadership), RETRY_MILLIS, TimeUnit.MILLISECONDS);
              }
            });
  }

  @Override
  public void onSplit(RegionView before, List<RegionView> after, boolean wasLeader) {
    // A timestamp on its way for the whole is as good for the part that keeps the id.
    if (wasLeader && isSynced(before)) {
      after.stream()
          .filter(piece -> piece.regionId() != before.regionId())
          .forEach(piece -> heirs.add(piece.regionId()));
    }
  }

  @Override
  public void onMerged(RegionView before, RegionView after, boolean wasLeader) {
    synced.remove(after.regionId());
    if (leading.containsKey(after.regionId())) {
      Leadership leadership = new Leadership(after.term(), after.version());
      leading.put(after.regionId(), leadership);
      fetch(after.regionId(), leadership);
    }
  }

  @Override
  public void onLeaderLost(long regionId, long term) {
    forget(regionId);
  }

  @Override
  public void onDestroyed(long regionId) {
    forget(regionId);
  }

  private void forget(long regionId) {
    leading.remove(regionId);
    synced.remove(regionId);
    heirs.remove(regionId);
  }
}
