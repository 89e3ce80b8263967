package dev.kittiwake.kv.region;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The regions whose replica on this store is damaged and serves nothing. Thread-safe. */
final class Quarantine {
  private final Set<Long> regions = ConcurrentHashMap.newKeySet();

  boolean holds(long regionId) {
    return !regions.isEmpty() && regions.contains(regionId);
  }

  void add(long regionId) {
    regions.add(regionId);
  }

  /** The replica has other data now, or is gone. */
  void release(long regionId) {
    regions.remove(regionId);
  }

  Set<Long> all() {
    return new TreeSet<>(regions);
  }
}
