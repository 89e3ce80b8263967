package dev.kittiwake.client.region;

import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.pd.RegionRoute;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The regions this client has met, sorted by start key and never overlapping. Readers take the
 * array as it is and search it; writers copy it. An entry lives ten minutes (with jitter), so that
 * nothing stale stays for ever. Thread-safe.
 */
public final class RegionCache {
  /** Which region a key is looked up for. */
  public enum Side {
    /** The region that holds the key. */
    AT,
    /** The region that holds the largest keys below the key; empty key: the last region. */
    BELOW
  }

  private static final long TTL_NANOS = TimeUnit.SECONDS.toNanos(600);

  private final PdClient pd;
  private final ClientRuntime runtime;
  private volatile CachedRegion[] sorted = {};
  private volatile long clusterId; // 0 until known

  private record Lookup(Key key, Side side) {}

  private final Map<Lookup, CompletableFuture<CachedRegion>> loading = new HashMap<>(); // self

  RegionCache(PdClient pd, ClientRuntime runtime) {
    this.pd = pd;
    this.runtime = runtime;
  }

  /** The cached region for {@code storedKey}; null if unknown or expired. */
  CachedRegion find(byte[] storedKey, Side side) {
    CachedRegion[] regions = sorted;
    int at = side == Side.AT ? lastStartingAt(regions, storedKey) : lastBelow(regions, storedKey);
    if (at < 0) {
      return null;
    }
    CachedRegion region = regions[at];
    boolean matches =
        side == Side.AT ? region.contains(storedKey) : region.containsBefore(storedKey);
    return matches && !region.isExpired(runtime.nanos().getAsLong()) ? region : null;
  }

  /** Index of the last region that starts at or below {@code key}; -1 if none. */
  private static int lastStartingAt(CachedRegion[] regions, byte[] key) {
    int low = 0;
    int high = regions.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(regions[middle].start(), key) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private static int lastBelow(CachedRegion[] regions, byte[] key) {
    if (key.length == 0) {
      return regions.length - 1;
    }
    int at = lastStartingAt(regions, key);
    return at >= 0 && Arrays.equals(regions[at].start(), key) ? at - 1 : at;
  }

  /** The region for {@code storedKey}, asked of the placement driver; callers share a lookup. */
  CompletableFuture<CachedRegion> load(byte[] storedKey, Side side) {
    Lookup lookup = new Lookup(Key.copyOf(storedKey), side);
    CompletableFuture<CachedRegion> mine = new CompletableFuture<>();
    synchronized (loading) {
      CompletableFuture<CachedRegion> other = loading.putIfAbsent(lookup, mine);
      if (other != null) {
        return other;
      }
    }
    CompletableFuture<RegionRoute> answer =
        knowClusterId()
            .thenCompose(
                known -> side == Side.AT ? pd.region(storedKey) : pd.previousRegion(storedKey));
    answer.whenComplete(
        (route, failure) -> {
          synchronized (loading) {
            loading.remove(lookup);
          }
          if (failure != null) {
            mine.completeExceptionally(failure);
          } else {
            CachedRegion region = cached(route.region(), route.leader());
            insert(region);
            CachedRegion better = find(storedKey, side);
            mine.complete(better == null ? region : better);
          }
        });
    return mine;
  }

  private CompletableFuture<Void> knowClusterId() {
    return clusterId != 0
        ? CompletableFuture.completedFuture(null)
        : pd.clusterId().thenAccept(id -> clusterId = id);
  }

  private CachedRegion cached(Region region, Peer leader) {
    long life = TTL_NANOS - TTL_NANOS / 10 + runtime.below(TTL_NANOS / 5);
    return new CachedRegion(region, leader, 0, runtime.nanos().getAsLong() + life, clusterId);
  }

  /**
   * Adds what a store or the placement driver told. Regions that overlap it go, unless one of them
   * is newer: then the news is old and is dropped.
   */
  private synchronized void insert(CachedRegion region) {
    List<CachedRegion> kept = new ArrayList<>(sorted.length + 1);
    int place = 0;
    for (CachedRegion other : sorted) {
      if (other.overlaps(region) || other.id() == region.id()) {
        if (region.isOlderThan(other) && !other.isExpired(runtime.nanos().getAsLong())) {
          return;
        }
        continue;
      }
      if (Arrays.compareUnsigned(other.start(), region.start()) < 0) {
        place = kept.size() + 1;
      }
      kept.add(other);
    }
    kept.add(place, region);
    sorted = kept.toArray(CachedRegion[]::new);
  }

  /** Takes over the regions a store answered with; the leader is that store's peer. */
  void replace(List<Region> regions, long answeringStore) {
    for (Region region : regions) {
      if (region.getPeersCount() == 0) {
        continue;
      }
      Peer leader = region.getPeers(0);
      for (Peer peer : region.getPeersList()) {
        if (peer.getStoreId() == answeringStore) {
          leader = peer;
        }
      }
      insert(cached(region, leader));
    }
  }

  /**
   * Remembers that {@code leader} leads {@code region}; forgets the region if it has no such peer.
   */
  synchronized void switchLeader(CachedRegion region, Peer leader) {
    Peer known = region.peer(leader.getId());
    exchange(region, known == null ? null : region.withLeader(known));
  }

  /** Tries the next peer of {@code region}; forgets the region after all were tried. */
  synchronized void tryNextPeer(CachedRegion region) {
    exchange(region, region.withNextPeer());
  }

  synchronized void forget(CachedRegion region) {
    exchange(region, null);
  }

  /** Replaces an entry by {@code next} (null: removes it), unless it has changed meanwhile. */
  private void exchange(CachedRegion region, CachedRegion next) {
    CachedRegion[] regions = sorted;
    for (int i = 0; i < regions.length; i++) {
      if (regions[i] == region) {
        List<CachedRegion> changed = new ArrayList<>(Arrays.asList(regions));
        if (next == null) {
          changed.remove(i);
        } else {
          changed.set(i, next);
        }
        sorted = changed.toArray(CachedRegion[]::new);
        return;
      }
    }
  }

  /** The number of regions known. */
  int size() {
    return sorted.length;
  }
}
