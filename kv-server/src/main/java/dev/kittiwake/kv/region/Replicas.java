package dev.kittiwake.kv.region;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.RegionState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Which replicas there are on this store, by id and by start key, and which there were. Written on
 * the store loop; {@link #find}, {@link #inKeyOrder} and {@link #neighbourhood} from any thread.
 */
final class Replicas {
  private static final int NEIGHBOURS = 10;

  private final Map<Long, RegionReplica> byId = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Key, RegionReplica> byStart = new ConcurrentSkipListMap<>();
  private final TreeMap<Long, RegionReplica> inOrder = new TreeMap<>(); // loop only
  private final TreeMap<Long, RegionReplica> awake =
      new TreeMap<>(); // loop only; a part of inOrder
  private volatile int resting;
  private volatile boolean known; // the replicas found on disk are back
  private final Map<Long, RegionState> tombstones = new LinkedHashMap<>(); // loop only
  private final Set<Long> ending = new HashSet<>(); // loop only; their logs may still come back

  /** The replica of that region, or null. */
  RegionReplica find(long regionId) {
    return byId.get(regionId);
  }

  /** From now on there is no replica but those that are here. */
  void allKnown() {
    known = true;
  }

  /** Whether a region that is not here is not on this store. */
  boolean areAllKnown() {
    return known;
  }

  /** The face of that region's replica, or null. */
  RegionFace face(long regionId) {
    RegionReplica replica = byId.get(regionId);
    return replica == null ? null : replica.face();
  }

  /** A copy, by region id. */
  List<RegionReplica> all() {
    return new ArrayList<>(inOrder.values());
  }

  /** A copy of those that do not rest, by region id. */
  List<RegionReplica> awake() {
    return new ArrayList<>(awake.values());
  }

  void rests(RegionReplica replica) {
    awake.remove(replica.regionId(), replica);
    count();
  }

  void awake(RegionReplica replica) {
    if (inOrder.get(replica.regionId()) == replica) {
      awake.put(replica.regionId(), replica);
    }
    count();
  }

  int resting() {
    return resting;
  }

  private void count() {
    resting = inOrder.size() - awake.size();
  }

  /** Those that have data, by start key; as of about now. */
  Iterable<RegionReplica> inKeyOrder() {
    return byStart.values();
  }

  void add(RegionReplica replica) {
    long id = replica.regionId();
    tombstones.remove(id);
    byId.put(id, replica);
    inOrder.put(id, replica);
    awake.put(id, replica);
    count();
    if (replica.face().initialized()) {
      byStart.put(Regions.range(replica.face().region()).start(), replica);
    }
  }

  void remove(RegionReplica replica) {
    byId.remove(replica.regionId(), replica);
    inOrder.remove(replica.regionId(), replica);
    awake.remove(replica.regionId(), replica);
    count();
    byStart.values().removeIf(r -> r == replica);
  }

  /** The region of {@code replica} was {@code before}, and has other bounds now. */
  void rangeChanged(RegionReplica replica, Region before) {
    if (Regions.isInitialized(before)) {
      byStart.remove(Regions.range(before).start(), replica);
    }
    byStart.put(Regions.range(replica.face().region()).start(), replica);
  }

  void clear() {
    byId.clear();
    byStart.clear();
    inOrder.clear();
    awake.clear();
    count();
  }

  /** The replica that was here and is gone, or null. */
  RegionState tombstone(long regionId) {
    return tombstones.get(regionId);
  }

  void bury(RegionState tombstone) {
    tombstones.put(tombstone.getRegion().getId(), tombstone);
  }

  /** The replica is gone, but its log may still come back: nothing may take its place. */
  void ending(long regionId) {
    ending.add(regionId);
  }

  void ended(long regionId) {
    ending.remove(regionId);
  }

  boolean isEnding(long regionId) {
    return ending.contains(regionId);
  }

  /** The other replicas that have, or are about to have, keys of {@code incoming}. */
  List<RegionReplica> overlapping(Region incoming) {
    KeyRange range = Regions.range(incoming);
    List<RegionReplica> found = new ArrayList<>();
    for (RegionReplica other : inOrder.values()) {
      if (other.regionId() == incoming.getId()) {
        continue;
      }
      // What it has stays until it is replaced, and may stay for longer: that may be refused.
      if (has(other.face().region(), range)
          || other.installing() != null && has(other.installing(), range)) {
        found.add(other);
      }
    }
    return found;
  }

  private static boolean has(Region region, KeyRange range) {
    return Regions.isInitialized(region) && Regions.range(region).overlaps(range);
  }

  /**
   * What a client with another epoch should know: the region itself, and those that were split off
   * from it, which lie to its left.
   */
  List<Region> neighbourhood(RegionFace face) {
    List<Region> regions = new ArrayList<>();
    regions.add(face.region());
    Key start = Regions.range(face.region()).start();
    for (int i = 0; i < NEIGHBOURS && !start.isEmpty(); i++) {
      Map.Entry<Key, RegionReplica> left = byStart.lowerEntry(start);
      if (left == null) {
        break;
      }
      Region neighbour = left.getValue().face().region();
      if (!Regions.key(neighbour.getEndKey()).equals(start)) {
        break;
      }
      regions.add(neighbour);
      start = left.getKey();
    }
    return regions;
  }
}
