package dev.kittiwake.kv.resolved;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What leaders have promised about the regions of a store. A promise can be used by a replica that
 * has applied its index; one that lags keeps an older promise while a newer one waits for it.
 * Thread-safe.
 */
public final class SafeTimes {
  private final Map<Long, Known> regions = new ConcurrentHashMap<>();

  /**
   * The promises about one region, all of the same version; null where there is none.
   *
   * @param usable its index was applied here when another came
   * @param waiting the oldest one that was not
   * @param newest the last one
   */
  private record Known(Promise usable, Promise waiting, Promise newest) {
    Known with(Promise next, long applied) {
      Promise best = usable;
      Promise first = waiting;
      if (first != null && first.index() <= applied) {
        best = first;
        first = null;
      }
      if (newest.index() <= applied) {
        best = newest;
        first = null;
      }
      return new Known(best, first == null ? next : first, next);
    }

    long safeAt(long applied) {
      long safe = usable == null ? 0 : usable.ts();
      if (waiting.index() <= applied) {
        safe = max(safe, waiting.ts());
      }
      return newest.index() <= applied ? max(safe, newest.ts()) : safe;
    }
  }

  private static long max(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }

  /**
   * Takes a promise over, unless it says less than what is known.
   *
   * @param applied how far the replica here has applied
   * @return whether it says more
   */
  public boolean learn(Promise promise, long applied) {
    boolean[] more = new boolean[1];
    regions.compute(
        promise.regionId(),
        (id, known) -> {
          Promise last = known == null ? null : known.newest();
          int version = last == null ? 1 : Long.compareUnsigned(promise.version(), last.version());
          if (version < 0 || (version == 0 && Long.compareUnsigned(promise.ts(), last.ts()) <= 0)) {
            return known;
          }
          more[0] = true;
          return version > 0 ? new Known(null, promise, promise) : known.with(promise, applied);
        });
    return more[0];
  }

  /** The region is not here any more. */
  public void forget(long regionId) {
    regions.remove(regionId);
  }

  /** The version of the epoch that promises are known for; 0 = there are none. */
  public long version(long regionId) {
    Known known = regions.get(regionId);
    return known == null ? 0 : known.newest().version();
  }

  /** The newest timestamp promised, whether it can be used here or not; 0 = none. */
  public long newest(long regionId, long version) {
    Known known = regions.get(regionId);
    return known == null || known.newest().version() != version ? 0 : known.newest().ts();
  }

  /**
   * Up to which timestamp the data of a replica is complete that has applied {@code applied}; 0 =
   * it is not known.
   */
  public long safeAt(long regionId, long version, long applied) {
    Known known = regions.get(regionId);
    return known == null || known.newest().version() != version ? 0 : known.safeAt(applied);
  }
}
