package dev.kittiwake.pd.cluster;

import dev.kittiwake.proto.pdpb.StoreStats;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What stores said about themselves since this member leads. Confined to the loop. */
public final class StoreTable {
  /**
   * @param heardNanos when, as elapsed time
   * @param heardMillis when, on the wall clock, for people
   */
  public record Heard(StoreStats stats, long heardNanos, long heardMillis) {}

  private final SortedMap<Long, Heard> heard = new TreeMap<>();
  private final SortedMap<Long, Long> minResolvedTs = new TreeMap<>();
  private long ledSinceNanos;

  void clear(long nowNanos) {
    heard.clear();
    minResolvedTs.clear();
    ledSinceNanos = nowNanos;
  }

  public void heard(StoreStats stats, long nowNanos, long nowMillis) {
    heard.put(stats.getStoreId(), new Heard(stats, nowNanos, nowMillis));
  }

  /** A store that has just been registered counts as heard of. */
  public void registered(long storeId, long nowNanos, long nowMillis) {
    StoreStats known =
        find(storeId).map(Heard::stats).orElse(StoreStats.newBuilder().setStoreId(storeId).build());
    heard(known, nowNanos, nowMillis);
  }

  public Optional<Heard> find(long storeId) {
    return Optional.ofNullable(heard.get(storeId));
  }

  /** Since the last heartbeat, or else since this member leads. */
  public long silentMillis(long storeId, long nowNanos) {
    long since = find(storeId).map(Heard::heardNanos).orElse(ledSinceNanos);
    return Math.max(0, (nowNanos - since) / 1_000_000);
  }

  public void reportMinResolvedTs(long storeId, long timestamp) {
    minResolvedTs.put(storeId, timestamp);
  }

  /** By store. */
  public SortedMap<Long, Long> minResolvedTs() {
    return minResolvedTs;
  }
}
