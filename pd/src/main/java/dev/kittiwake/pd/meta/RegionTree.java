package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Peer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The regions by key. Ranges never overlap; there may be holes until the leaders on both sides of a
 * split have reported. Confined to one thread.
 */
public final class RegionTree {
  /** What {@link #offer} did with a report. */
  public sealed interface Offered {
    /**
     * @param overlapped the regions that had to go because newer ones cover their keys
     * @param previous what was known of the same region, if anything
     */
    record Accepted(List<RegionRecord> overlapped, Optional<RegionRecord> previous)
        implements Offered {}

    /** The report is older than what is known. */
    record Stale(String reason) implements Offered {}
  }

  private final NavigableMap<Key, RegionRecord> byStart = new TreeMap<>();
  private final NavigableMap<Long, RegionRecord> byId = new TreeMap<>();
  private final Map<Long, StoreRegions> byStore = new TreeMap<>(); // stay, even when empty
  private int withLeader; // regions whose leader is known

  /**
   * Takes a report in unless it is stale: older by version than any region that it overlaps, or
   * older by version, configuration or term than what is known of the same region.
   */
  public Offered offer(RegionRecord report) {
    RegionRecord known = byId.get(report.id());
    if (known != null) {
      if (report.version() < known.version() || report.confVer() < known.confVer()) {
        return new Offered.Stale(
            "region " + report.id() + " epoch " + epoch(report) + " < known " + epoch(known));
      }
      if (report.term() != 0 && report.term() < known.term()) {
        return new Offered.Stale(
            "region " + report.id() + " term " + report.term() + " < known " + known.term());
      }
    }
    if (known != null && known.region().equals(report.region())) {
      RegionRecord refreshed = report.inPlaceOf(known);
      refresh(known, refreshed);
      return new Offered.Accepted(List.of(), Optional.of(known));
    }
    List<RegionRecord> overlapped = overlapping(report);
    for (RegionRecord other : overlapped) {
      if (report.version() < other.version()) {
        return new Offered.Stale(
            "region "
                + report.id()
                + " version "
                + report.version()
                + " overlaps region "
                + other.id()
                + " version "
                + other.version());
      }
    }
    overlapped.removeIf(other -> other.id() == report.id());
    overlapped.forEach(this::remove);
    if (known != null) {
      remove(known);
    }
    add(report);
    return new Offered.Accepted(overlapped, Optional.ofNullable(known));
  }

  private static String epoch(RegionRecord region) {
    return region.version() + "/" + region.confVer();
  }

  private List<RegionRecord> overlapping(RegionRecord report) {
    List<RegionRecord> found = new ArrayList<>();
    Map.Entry<Key, RegionRecord> before = byStart.lowerEntry(report.range().start());
    if (before != null && before.getValue().range().overlaps(report.range())) {
      found.add(before.getValue());
    }
    Key end = report.range().end();
    Collection<RegionRecord> inside =
        end.isEmpty()
            ? byStart.tailMap(report.range().start(), true).values()
            : byStart.subMap(report.range().start(), true, end, false).values();
    found.addAll(inside);
    return found;
  }

  /** Same range, epoch and peers: only what is said about them is new. */
  private void refresh(RegionRecord known, RegionRecord fresh) {
    boolean sameRoles =
        known.leader().getId() == fresh.leader().getId()
            && known.pendingPeers().equals(fresh.pendingPeers());
    if (sameRoles) {
      long delta = fresh.countedMiB() - known.countedMiB();
      if (delta != 0) {
        for (Peer peer : fresh.peers()) {
          store(peer.getStoreId()).resize(delta, peer.getId() == fresh.leader().getId());
        }
      }
    } else {
      unindex(known);
      index(fresh);
    }
    byStart.put(fresh.range().start(), fresh);
    byId.put(fresh.id(), fresh);
  }

  private void add(RegionRecord region) {
    byStart.put(region.range().start(), region);
    byId.put(region.id(), region);
    index(region);
  }

  private void remove(RegionRecord region) {
    byStart.remove(region.range().start());
    byId.remove(region.id());
    unindex(region);
  }

  private void index(RegionRecord region) {
    if (region.hasLeader()) {
      withLeader++;
      store(region.leader().getStoreId()).addLeader(region);
    }
    for (Peer peer : region.peers()) {
      store(peer.getStoreId()).add(region, peer);
    }
  }

  private void unindex(RegionRecord region) {
    if (region.hasLeader()) {
      withLeader--;
      store(region.leader().getStoreId()).removeLeader(region);
    }
    for (Peer peer : region.peers()) {
      store(peer.getStoreId()).remove(region, peer);
    }
  }

  private StoreRegions store(long storeId) {
    return byStore.computeIfAbsent(storeId, id -> new StoreRegions());
  }

  /** Forgets everything, e.g. when this member is no longer the leader. */
  public void clear() {
    byStart.clear();
    byId.clear();
    byStore.values().forEach(StoreRegions::clear);
    withLeader = 0;
  }

  public Optional<RegionRecord> find(long id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The region that contains {@code key}. */
  public Optional<RegionRecord> find(Key key) {
    Map.Entry<Key, RegionRecord> entry = byStart.floorEntry(key);
    return entry != null && entry.getValue().range().contains(key)
        ? Optional.of(entry.getValue())
        : Optional.empty();
  }

  /**
   * The region just before the one that contains {@code key}; none if {@code key} is in the first
   * region, in a hole or after one.
   */
  public Optional<RegionRecord> findBefore(Key key) {
    return find(key)
        .map(current -> byStart.lowerEntry(current.range().start()))
        .filter(before -> before.getValue().range().end().equals(find(key).get().range().start()))
        .map(Map.Entry::getValue);
  }

  /**
   * Regions in key order, from the one that contains {@code start}.
   *
   * @param end exclusive; empty: to the last
   * @param limit 0 or less: all
   */
  public List<RegionRecord> scan(Key start, Key end, int limit) {
    Key from = find(start).map(region -> region.range().start()).orElse(start);
    List<RegionRecord> found = new ArrayList<>();
    for (RegionRecord region : byStart.tailMap(from, true).values()) {
      if (!end.isEmpty() && region.range().start().compareTo(end) >= 0) {
        break;
      }
      found.add(region);
      if (limit > 0 && found.size() >= limit) {
        break;
      }
    }
    return found;
  }

  /** By id, from {@code firstId} on. */
  public Collection<RegionRecord> fromId(long firstId) {
    return Collections.unmodifiableCollection(byId.tailMap(firstId, true).values());
  }

  public Collection<RegionRecord> all() {
    return Collections.unmodifiableCollection(byStart.values());
  }

  public int size() {
    return byId.size();
  }

  /** How many regions have told who leads them. */
  public int withLeader() {
    return withLeader;
  }

  /** The region that ends where this one starts, if it is known. */
  public Optional<RegionRecord> before(RegionRecord region) {
    Map.Entry<Key, RegionRecord> entry = byStart.lowerEntry(region.range().start());
    return entry != null && entry.getValue().range().end().equals(region.range().start())
        ? Optional.of(entry.getValue())
        : Optional.empty();
  }

  /** The region that starts where this one ends, if it is known. */
  public Optional<RegionRecord> after(RegionRecord region) {
    return region.range().end().isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(byStart.get(region.range().end()));
  }

  /** What the store holds; follows later reports. */
  public StoreRegions on(long storeId) {
    return store(storeId);
  }

  public RegionIds leadersOn(long storeId) {
    return on(storeId).leaders();
  }

  public RegionIds peersOn(long storeId) {
    return on(storeId).all();
  }
}
