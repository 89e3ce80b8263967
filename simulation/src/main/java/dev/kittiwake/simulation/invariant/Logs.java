package dev.kittiwake.simulation.invariant;

import dev.kittiwake.kv.region.RegionImage;
import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.driver.LogStore;
import dev.kittiwake.simulation.world.SimStore;
import dev.kittiwake.simulation.world.World;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
    final Map<LogPosition, Long> made = new HashMap<>(); // → fingerprint with the one before
    final Map<Long, LogPosition> matchedTo = new HashMap<>(); // peer → the last one looked at
  }

  Logs(World world) {
    this.world = world;
  }

  /** Looks at the logs of a store that serves. */
  void check(SimStore store, List<RegionImage> images) {
    if (store.wal() == null || store.access() == null || store.disk().isDamaged()) {
      return;
    }
    store
        .disk()
        .watch(
            () -> {
              for (RegionImage image : images) {
                long region = image.region().getId();
                if (store.wal().groups().contains(region)) {
                  check(store, image, store.wal().group(region));
                  match(store, image, store.wal().group(region));
                }
              }
            });
  }

  /**
   * All entries of a log, committed or not: a leader makes one entry for a place in its term, and
   * puts it behind one certain entry.
   */
  private void match(SimStore store, RegionImage image, LogStore log) {
    Committed region = regions.computeIfAbsent(image.region().getId(), id -> new Committed());
    LogPosition seen = region.matchedTo.get(image.peer().getId());
    boolean goesOn =
        seen != null && log.term(seen.index()).orElse(-1L) == seen.term(); // else it was cut off
    long from = goesOn ? seen.index() : Math.max(log.start().index(), image.applied().index());
    if (from < log.start().index() || from >= log.lastIndex()) {
      return;
    }
    long before = log.term(from).orElse(0);
    for (Entry entry : log.entries(from + 1, log.lastIndex() + 1, MAX_BYTES)) {
      long fingerprint = fingerprint(entry) * 31 + before;
      Long other = region.made.putIfAbsent(entry.position(), fingerprint);
      if (other != null && other != fingerprint) {
        world.violate(
            "log matching",
            store.address()
                + " region "
                + image.region().getId()
                + " has another entry at "
                + entry.position()
                + ", or another one before it, than another log has or had",
            null);
      }
      before = entry.term();
      region.matchedTo.put(image.peer().getId(), entry.position());
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
    long fingerprint = fingerprint(entry);
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

  private static long fingerprint(Entry entry) {
    return (entry.term() * 31 + entry.kind().ordinal()) * 0x9E3779B97F4A7C15L
        + Arrays.hashCode(entry.payload());
  }
}
