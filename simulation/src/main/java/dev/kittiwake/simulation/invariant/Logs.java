package dev.kittiwake.simulation.invariant;

import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.region.RegionImage;
import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.driver.LogStore;
import dev.kittiwake.simulation.world.SimStore;
import dev.kittiwake.simulation.world.World;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What one replica has applied at an index is what every other applies there, for ever; and if two
 * logs agree on the term of an entry, they agree on the entry.
 */
final class Logs {
  private static final long MAX_BYTES = 1 << 20;

  private final World world;
  private final Map<Long, Committed> regions = new HashMap<>();

  /** What is known to be applied of one region. */
  private static final class Committed {
    final Map<Long, Long> entries = new HashMap<>(); // index → fingerprint of term and payload
    final Map<Long, Long> checkedTo = new HashMap<>(); // peer → index
  }

  Logs(World world) {
    this.world = world;
  }

  void check() {
    for (SimStore store : world.stores()) {
      if (store.wal() == null || store.access() == null) {
        continue;
      }
      store.disk().watch(() -> check(store));
    }
  }

  private void check(SimStore store) {
    try (EngineSnapshot snapshot = store.disk().engine().snapshot()) {
      for (RegionImage image : RegionImage.all(snapshot)) {
        if (store.wal().groups().contains(image.region().getId())) {
          check(store, image, store.wal().group(image.region().getId()));
        }
      }
    }
  }

  private void check(SimStore store, RegionImage image, LogStore log) {
    long region = image.region().getId();
    Committed committed = regions.computeIfAbsent(region, id -> new Committed());
    LogPosition applied = image.applied();
    long from =
        Math.max(
            committed.checkedTo.getOrDefault(image.peer().getId(), 0L) + 1,
            log.start().index() + 1);
    long to = Math.min(applied.index(), log.lastIndex());
    if (from <= to) {
      for (Entry entry : log.entries(from, to + 1, MAX_BYTES)) {
        compare(store, region, committed, entry);
        to = entry.index();
      }
      committed.checkedTo.put(image.peer().getId(), to);
    }
    OptionalLong term = log.term(applied.index());
    if (term.isPresent() && term.getAsLong() != applied.term()) {
      world.violate(
          "committed prefix",
          store.address()
              + " region "
              + region
              + " has applied "
              + applied
              + " but its log has term "
              + term.getAsLong()
              + " there",
          null);
    }
  }

  private void compare(SimStore store, long region, Committed committed, Entry entry) {
    long fingerprint =
        (entry.term() * 31 + entry.kind().ordinal()) * 0x9E3779B97F4A7C15L
            + Arrays.hashCode(entry.payload());
    Long known = committed.entries.putIfAbsent(entry.index(), fingerprint);
    if (known != null && known != fingerprint) {
      world.violate(
          "committed prefix",
          store.address()
              + " region "
              + region
              + " applied another entry at "
              + entry.position()
              + " than was applied there before",
          null);
    }
  }
}
