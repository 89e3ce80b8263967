package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Peer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The regions by key, as their leaders reported them. Ranges never overlap. Until the leaders on
 * both sides of a split have reported, some keys have no such region; what was last known of them
 * is kept apart, and {@link #locate} and {@link #list} fall back on it: who looks for a key is led
 * to somebody who knows better. Nothing is scheduled by it. Confined to one thread.
 */
public final class RegionTree {
  /** What {@link #offer} did with a report. */
  public sealed interface Offered {
    /**
     * @param overlapped the regions that had to go because newer ones cover keys of theirs
     * @param previous what was known of the same region, if anything
     * @param ended the ids of regions of which nothing is left
     */
    record Accepted(
        List<RegionRecord> overlapped, Optional<RegionRecord> previous, List<Long> ended)
        implements Offered {}

    /** The report is older than what is known. */
    record Stale(String reason) implements Offered {}
  }

  private final NavigableMap<Key, RegionRecord> byStart = new TreeMap<>();
  private final NavigableMap<Long, RegionRecord> byId = new TreeMap<>();
  private final Remains remains = new Remains();
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
      return new Offered.Accepted(List.of(), Optional.of(known), List.of());
    }
    List<RegionRecord> overlapped = overlapping(report);
    Optional<Offered> stale = stale(report, overlapped);
    if (stale.isEmpty()) {
      stale = stale(report, remains.overlapping(report.range()));
    }
    if (stale.isPresent()) {
      return stale.get();
    }
    overlapped.removeIf(other -> other.id() == report.id());
    return replace(overlapped, Optional.ofNullable(known), report);
  }

  private static Optional<Offered> stale(RegionRecord report, List<RegionRecord> overlapped) {
    return overlapped.stream()
        .filter(other -> report.version() < other.version())
        .findFirst()
        .map(
            other ->
                new Offered.Stale(
                    "region "
                        + report.id()
                        + " version "
                        + report.version()
                        + " overlaps region "
                        + other.id()
                        + " version "
                        + other.version()));
  }

  private Offered.Accepted replace(
      List<RegionRecord> overlapped, Optional<RegionRecord> known, RegionRecord report) {
    List<RegionRecord> gone = new ArrayList<>(overlapped);
    known.ifPresent(gone::add);
    List<RegionRecord> covered = remains.cover(report.range());
    for (RegionRecord old : gone) {
      remove(old);
      remains.leave(old, report.range());
    }
    add(report);
    List<Long> ended =
        Stream.concat(gone.stream(), covered.stream())
            .map(RegionRecord::id)
            .distinct()
            .filter(id -> !byId.containsKey(id) && remains.find(id).isEmpty())
            .toList();
    return new Offered.Accepted(overlapped, known, ended);
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
    remains.clear();
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
   * Who has {@code key}, as far as is known: the region that has reported it, or the one that had
   * it last, with that part of its range that nobody has reported since.
   */
  public Optional<RegionRecord> locate(Key key) {
    Optional<RegionRecord> found = find(key);
    return found.isPresent() ? found : remains.find(key);
  }

  /** The region, or what is left of it while only others have reported keys that were its own. */
  public Optional<RegionRecord> locate(long id) {
    Optional<RegionRecord> found = find(id);
    return found.isPresent() ? found : remains.find(id);
  }

  /**
   * The region just before the one that has {@code key}; none if {@code key} is in the first
   * region, or nobody knows who has it or what is before it.
   */
  public Optional<RegionRecord> locateBefore(Key key) {
    Optional<Key> start = locate(key).map(current -> current.range().start());
    return start.flatMap(
        from ->
            Stream.of(lower(byStart, from), lower(remains.byStart(), from))
                .flatMap(Optional::stream)
                .filter(before -> before.range().end().equals(from))
                .findFirst());
  }

  private static Optional<RegionRecord> lower(NavigableMap<Key, RegionRecord> regions, Key key) {
    return Optional.ofNullable(regions.lowerEntry(key)).map(Map.Entry::getValue);
  }

  /**
   * Who has the keys, in their order, as {@link #locate} says; from the region that has {@code
   * start}.
   *
   * @param end exclusive; empty: to the last
   * @param limit 0 or less: all
   */
  public List<RegionRecord> list(Key start, Key end, int limit) {
    Key from = locate(start).map(region -> region.range().start()).orElse(start);
    Iterator<RegionRecord> reported = byStart.tailMap(from, true).values().iterator();
    Iterator<RegionRecord> left = remains.byStart().tailMap(from, true).values().iterator();
    RegionRecord one = next(reported);
    RegionRecord other = next(left);
    List<RegionRecord> found = new ArrayList<>();
    while (one != null || other != null) {
      boolean isReported =
          other == null || one != null && one.range().start().compareTo(other.range().start()) < 0;
      RegionRecord region = isReported ? one : other;
      if (!end.isEmpty() && region.range().start().compareTo(end) >= 0
          || limit > 0 && found.size() >= limit) {
        break;
      }
      found.add(region);
      one = isReported ? next(reported) : one;
      other = isReported ? other : next(left);
    }
    return found;
  }

  /** As {@link #list}, but only what was reported: what may be scheduled. */
  public List<RegionRecord> reported(Key start, Key end, int limit) {
    return list(start, end, 0).stream()
        .filter(region -> !isLeftOver(region))
        .limit(limit > 0 ? limit : Long.MAX_VALUE)
        .toList();
  }

  private static RegionRecord next(Iterator<RegionRecord> regions) {
    return regions.hasNext() ? regions.next() : null;
  }

  /** What was last known of keys whose owners have not reported. */
  public Collection<RegionRecord> remains() {
    return remains.all();
  }

  /** Whether nobody has reported these keys since a newer region took others of that range. */
  public boolean isLeftOver(RegionRecord region) {
    return remains.find(region.range().start()).filter(left -> left == region).isPresent();
  }

  /**
   * Whether the store certainly holds no replica: every key has an owner that is known, by a report
   * or as it was last, and none of them has a replica there.
   */
  public boolean isSurelyEmpty(long storeId) {
    if (!peersOn(storeId).isEmpty()
        || remains.all().stream().anyMatch(left -> left.peerOn(storeId).isPresent())) {
      return false;
    }
    Key reached = Key.EMPTY;
    for (RegionRecord region : list(Key.EMPTY, Key.EMPTY, 0)) {
      if (!region.range().start().equals(reached)) {
        return false;
      }
      reached = region.range().end();
    }
    return byId.size() > 0 && reached.isEmpty();
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
