package dev.kittiwake.simulation.invariant;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.simulation.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Regions tile the keyspace, at every moment. Whatever a key went through, splits and merges, each
 * made the version of the region that holds it grow; so of two replicas on any stores that hold a
 * key for different regions, one has the larger version, and one region with one version has one
 * range. And every key is held somewhere, on a store that runs or on one that is off.
 */
final class Ranges {
  private final World world;
  private final Map<Long, Region> distinct = new TreeMap<>(); // by id and version
  private boolean complete; // once all keys were held

  Ranges(World world) {
    this.world = world;
  }

  /** Begins a new look at all stores. */
  void clear() {
    distinct.clear();
  }

  void add(String store, List<Region> held) {
    for (Region region : held) {
      Region other =
          distinct.putIfAbsent(region.getId() << 24 | region.getRegionEpoch().getVersion(), region);
      if (other != null && !hasSameRange(other, region)) {
        violate(store + " and another store know two ranges of one version of region ", region);
      }
    }
  }

  private static boolean hasSameRange(Region one, Region other) {
    return one.getStartKey().equals(other.getStartKey())
        && one.getEndKey().equals(other.getEndKey());
  }

  /** All stores are seen. */
  void judge() {
    List<Region> sorted = new ArrayList<>(distinct.values());
    sorted.sort(Comparator.comparing(Ranges::start));
    for (int i = 0; i < sorted.size(); i++) {
      Region one = sorted.get(i);
      for (int j = i + 1; j < sorted.size() && beginsWithin(sorted.get(j), one); j++) {
        Region other = sorted.get(j);
        if (one.getId() != other.getId()
            && one.getRegionEpoch().getVersion() == other.getRegionEpoch().getVersion()) {
          violate("held at one version by two regions: " + one.getId() + " and ", other);
        }
      }
    }
    Region hole = behindHole(sorted);
    if (hole == null) {
      complete = true;
    } else if (complete) {
      violate("no store holds the keys before region ", hole);
    }
  }

  private static boolean beginsWithin(Region later, Region region) {
    return region.getEndKey().isEmpty() || start(later).compareTo(end(region)) < 0;
  }

  /** The region behind the first keys that nobody holds; null if all keys are held. */
  private static Region behindHole(List<Region> sorted) {
    Key reached = Key.wrap(new byte[0]);
    for (Region region : sorted) {
      if (start(region).compareTo(reached) > 0) {
        return region;
      }
      if (region.getEndKey().isEmpty()) {
        return null;
      }
      reached = end(region).compareTo(reached) > 0 ? end(region) : reached;
    }
    return Region.getDefaultInstance();
  }

  private static Key start(Region region) {
    return Key.wrap(region.getStartKey().toByteArray());
  }

  private static Key end(Region region) {
    return Key.wrap(region.getEndKey().toByteArray());
  }

  private void violate(String what, Region region) {
    world.violate("regions tile", what + region.getId() + ", all: " + distinct.values(), null);
  }
}
