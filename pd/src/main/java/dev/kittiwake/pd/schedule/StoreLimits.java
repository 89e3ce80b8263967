package dev.kittiwake.pd.schedule;

import java.util.HashMap;
import java.util.Map;

/**
 * How many replicas a store may be given and may give away per minute: one bucket of tokens for
 * each store and direction, which holds at most a quarter of a minute's. Small regions cost less.
 */
public final class StoreLimits {
  /** What is being done to the store. */
  public enum Direction {
    ADD,
    REMOVE
  }

  private static final class Bucket {
    private double tokens;
    private long filledMillis;
  }

  private record Id(long storeId, Direction direction) {}

  private final Map<Id, Bucket> buckets = new HashMap<>();
  private final Map<Id, Long> own = new HashMap<>(); // limits of single stores

  /** A limit for one store; 0: no limit; negative: the common one again. */
  public void limit(long storeId, Direction direction, long perMinute) {
    if (perMinute < 0) {
      own.remove(new Id(storeId, direction));
    } else {
      own.put(new Id(storeId, direction), perMinute);
    }
  }

  /** Replicas per minute; 0: no limit. */
  public long limit(long storeId, Direction direction, ScheduleConfig config) {
    return own.getOrDefault(new Id(storeId, direction), config.number(ScheduleSetting.STORE_LIMIT));
  }

  /** Whether the store may take part in one more move now. */
  public boolean isOpen(long storeId, Direction direction, ScheduleConfig config, long nowMillis) {
    long limit = limit(storeId, direction, config);
    return limit == 0 || fill(storeId, direction, limit, nowMillis).tokens > 0;
  }

  void take(
      long storeId, Direction direction, long regionMiB, ScheduleConfig config, long nowMillis) {
    long limit = limit(storeId, direction, config);
    if (limit != 0) {
      fill(storeId, direction, limit, nowMillis).tokens -= cost(regionMiB);
    }
  }

  private static double cost(long regionMiB) {
    return regionMiB >= 20 ? 1 : regionMiB > 1 ? 0.2 : 0.02;
  }

  private Bucket fill(long storeId, Direction direction, long limit, long nowMillis) {
    double capacity = Math.max(1, limit / 4.0);
    Bucket bucket = buckets.get(new Id(storeId, direction));
    if (bucket == null) {
      bucket = new Bucket();
      bucket.tokens = capacity;
      bucket.filledMillis = nowMillis;
      buckets.put(new Id(storeId, direction), bucket);
    }
    double fresh = (nowMillis - bucket.filledMillis) * limit / 60_000.0;
    bucket.tokens = Math.min(capacity, bucket.tokens + fresh);
    bucket.filledMillis = nowMillis;
    return bucket;
  }

  void clear() {
    buckets.clear();
  }
}
