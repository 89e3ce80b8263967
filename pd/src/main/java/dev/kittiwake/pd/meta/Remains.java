package dev.kittiwake.pd.meta;

import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Region;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is left of regions of which a part has reported as something newer: those keys have another
 * owner by now, or will have, who has not reported yet. Until he does, the last that is known of
 * them is better than nothing: whoever asks the old owner is told by him who owns them now.
 *
 * <p>The ranges overlap neither each other nor those of the {@link RegionTree}. Confined to one
 * thread.
 */
final class Remains {
  private final NavigableMap<Key, RegionRecord> byStart = new TreeMap<>();

  Collection<RegionRecord> all() {
    return Collections.unmodifiableCollection(byStart.values());
  }

  NavigableMap<Key, RegionRecord> byStart() {
    return Collections.unmodifiableNavigableMap(byStart);
  }

  void clear() {
    byStart.clear();
  }

  Optional<RegionRecord> find(Key key) {
    Map.Entry<Key, RegionRecord> entry = byStart.floorEntry(key);
    return entry != null && entry.getValue().range().contains(key)
        ? Optional.of(entry.getValue())
        : Optional.empty();
  }

  /** The rightmost part: a region that is split keeps its id there. */
  Optional<RegionRecord> find(long id) {
    RegionRecord found = null;
    for (RegionRecord part : byStart.values()) {
      found = part.id() == id ? part : found;
    }
    return Optional.ofNullable(found);
  }

  List<RegionRecord> overlapping(KeyRange range) {
    List<RegionRecord> found = new ArrayList<>();
    if (byStart.isEmpty()) {
      return found;
    }
    Map.Entry<Key, RegionRecord> before = byStart.lowerEntry(range.start());
    if (before != null && before.getValue().range().overlaps(range)) {
      found.add(before.getValue());
    }
    Collection<RegionRecord> inside =
        range.end().isEmpty()
            ? byStart.tailMap(range.start(), true).values()
            : byStart.subMap(range.start(), true, range.end(), false).values();
    found.addAll(inside);
    return found;
  }

  /** Somebody has reported that he owns {@code range}. Answers what was cut or has gone. */
  List<RegionRecord> cover(KeyRange range) {
    List<RegionRecord> covered = overlapping(range);
    for (RegionRecord part : covered) {
      byStart.remove(part.range().start());
      leave(part, range);
    }
    return covered;
  }

  /** Of {@code gone} only {@code range} has been reported as something newer. */
  void leave(RegionRecord gone, KeyRange range) {
    KeyRange whole = gone.range();
    if (!whole.overlaps(range)) {
      put(gone);
      return;
    }
    if (whole.start().compareTo(range.start()) < 0) {
      put(part(gone, new KeyRange(whole.start(), range.start())));
    }
    boolean endsLater =
        !range.end().isEmpty() && (whole.end().isEmpty() || whole.end().compareTo(range.end()) > 0);
    if (endsLater) {
      put(part(gone, new KeyRange(range.end(), whole.end())));
    }
  }

  private void put(RegionRecord part) {
    byStart.put(part.range().start(), part);
  }

  private static RegionRecord part(RegionRecord of, KeyRange range) {
    Region region =
        of.region().toBuilder()
            .setStartKey(UnsafeByteOperations.unsafeWrap(range.start().toBytes()))
            .setEndKey(UnsafeByteOperations.unsafeWrap(range.end().toBytes()))
            .build();
    return new RegionRecord(
        region,
        range,
        of.leader(),
        of.term(),
        of.downPeers(),
        of.pendingPeers(),
        RegionRecord.Load.UNKNOWN);
  }
}
