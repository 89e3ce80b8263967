package dev.kittiwake.simulation.invariant;

import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.RegionImage;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.simulation.world.SimStore;
import dev.kittiwake.simulation.world.World;
import dev.kittiwake.txn.mvcc.GarbageCollector;
import dev.kittiwake.txn.mvcc.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Replicas that have applied the same position hold the same data: applying is a function, and data
 * and applied index are written together. Each store collects garbage by itself, though (decision
 * 0043): once one has begun, replicas are compared by what the most eager collector would leave. At
 * the end regions tile the keys and the column families fit together.
 */
final class Replicas {
  private static final int LOOKS_PER_COHERENCE = 2;

  private final World world;
  private final KnownRegions known;
  private final Map<Long, Long> seenAt = new HashMap<>(); // peer → applied index
  private int looks;
  private final Map<Long, Map<Long, Long>> fingerprints = new HashMap<>(); // region → index → data
  private boolean collecting; // a store of this run has collected garbage
  private String missing = "";

  Replicas(World world, KnownRegions known) {
    this.world = world;
    this.known = known;
  }

  void check() {
    if (!collecting && world.stores().stream().anyMatch(SimStore::hasCollected)) {
      collecting = true;
      fingerprints.clear();
      seenAt.clear();
    }
    for (SimStore store : world.stores()) {
      if (store.access() == null) {
        continue;
      }
      try (EngineSnapshot snapshot = store.disk().engine().snapshot()) {
        for (RegionImage image : RegionImage.all(snapshot)) {
          Long index = image.applied().index();
          if (!index.equals(seenAt.put(image.peer().getId(), index))) {
            check(store, snapshot, image);
          }
        }
      }
    }
    if (++looks % LOOKS_PER_COHERENCE == 0) {
      checkColumnFamilies();
    }
  }

  private void check(SimStore store, EngineSnapshot snapshot, RegionImage image) {
    long fingerprint = collecting ? withoutGarbage(snapshot, image) : fingerprint(snapshot, image);
    Long known =
        fingerprints
            .computeIfAbsent(image.region().getId(), id -> new HashMap<>())
            .putIfAbsent(image.applied().index(), fingerprint);
    if (known != null && known != fingerprint) {
      world.violate(
          "replicas differ",
          store.address()
              + " holds other data of region "
              + image.region().getId()
              + " at "
              + image.applied()
              + " than another replica did",
          null);
    }
  }

  private static long fingerprint(EngineSnapshot snapshot, RegionImage image) {
    long sum = image.region().getRegionEpoch().getVersion();
    for (Family family : Family.OF_DATA) {
      try (EngineCursor cursor = snapshot.cursor(family, image.dataStart(), image.dataEnd())) {
        for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
          sum = mix(sum, cursor.key(), cursor.value());
        }
      }
    }
    return sum;
  }

  /** Of raw values, locks, each key's newest version if it is a put, and the value of that. */
  private static long withoutGarbage(EngineSnapshot snapshot, RegionImage image) {
    long sum = image.region().getRegionEpoch().getVersion();
    try (EngineCursor locks = snapshot.cursor(Family.LOCK, image.dataStart(), image.dataEnd())) {
      for (boolean more = locks.seekToFirst(); more; more = locks.next()) {
        sum = mix(sum, locks.key(), locks.value());
      }
    }
    try (EngineCursor values =
        snapshot.cursor(Family.DEFAULT, image.dataStart(), image.dataEnd())) {
      for (boolean more = values.seekToFirst(); more; more = values.next()) {
        if (isRaw(values.key())) {
          sum = mix(sum, values.key(), values.value());
        }
      }
    }
    GarbageCollector eager = new GarbageCollector(-1); // unsigned: below no other timestamp
    Key last = null;
    try (EngineCursor writes = snapshot.cursor(Family.WRITE, image.dataStart(), image.dataEnd())) {
      for (boolean more = writes.seekToFirst(); more; more = writes.next()) {
        byte[] stored = Arrays.copyOfRange(writes.key(), 1, writes.key().length);
        Key key = VersionedKey.encodedUserKey(stored);
        if (!key.equals(last)) {
          eager.nextKey();
          last = key;
        }
        Write write = Write.parse(writes.value());
        if (eager.fate(VersionedKey.timestamp(stored), write) == GarbageCollector.Fate.STAYS) {
          sum = mix(sum, writes.key(), value(snapshot, key, write));
        }
      }
    }
    return sum;
  }

  /** Values of transactions have a key of groups of nine bytes, and a timestamp of eight. */
  private static boolean isRaw(byte[] engineKey) {
    return engineKey.length < 1 + 9 + 8 || (engineKey.length - 1 - 8) % 9 != 0;
  }

  private static byte[] value(EngineSnapshot snapshot, Key key, Write write) {
    if (write.shortValue() != null) {
      return write.shortValue();
    }
    byte[] versioned = VersionedKey.append(key, write.startTs()).toBytes();
    byte[] engineKey = new byte[versioned.length + 1];
    engineKey[0] = 'z';
    System.arraycopy(versioned, 0, engineKey, 1, versioned.length);
    byte[] value = snapshot.get(Family.DEFAULT, engineKey);
    return value == null ? new byte[0] : value;
  }

  private static long mix(long sum, byte[] key, byte[] value) {
    long mixed =
        (sum ^ Arrays.hashCode(key) ^ ((long) Arrays.hashCode(value) << 32)) * 0x9E3779B97F4A7C15L;
    return mixed ^ mixed >>> 31;
  }

  boolean areCaughtUp() {
    missing = "";
    Map<Long, RegionView> leaders = newestLeaders();
    if (leaders.isEmpty()) {
      missing = "no region has a leader";
      return false;
    }
    if (!tiling(leaders).isEmpty()) {
      missing = tiling(leaders);
      return false;
    }
    for (RegionView leader : leaders.values()) {
      for (Peer peer : leader.region().getPeersList()) {
        if (!world.isGivenUp(world.storeById(peer.getStoreId())) && !isAt(leader, peer)) {
          return false;
        }
      }
    }
    missing = known.missing(leaders.values());
    return missing.isEmpty();
  }

  private boolean isAt(RegionView leader, Peer peer) {
    long wanted = applied(leader.peer().getStoreId(), leader.regionId());
    long found = applied(peer.getStoreId(), leader.regionId());
    if (wanted <= 0 || wanted != found) {
      missing =
          "region "
              + leader.regionId()
              + " peer "
              + peer.getId()
              + " on store "
              + peer.getStoreId()
              + " is at "
              + found
              + ", its leader at "
              + wanted;
      return false;
    }
    return true;
  }

  String whatIsMissing() {
    return missing;
  }

  private long applied(long storeId, long regionId) {
    SimStore store = world.storeById(storeId);
    if (store == null || store.access() == null) {
      return -1;
    }
    try (EngineSnapshot snapshot = store.disk().engine().snapshot()) {
      for (RegionImage image : RegionImage.all(snapshot)) {
        if (image.region().getId() == regionId) {
          return image.applied().index();
        }
      }
    }
    return 0;
  }

  /** The leader of the newest term of each region. */
  private Map<Long, RegionView> newestLeaders() {
    Map<Long, RegionView> leaders = new TreeMap<>();
    for (SimStore store : world.stores()) {
      if (store.access() != null) {
        for (RegionView view : store.access().regions()) {
          if (view.leader()) {
            leaders.merge(view.regionId(), view, (a, b) -> a.term() > b.term() ? a : b);
          }
        }
      }
    }
    return leaders;
  }

  void checkThatRegionsTile() {
    String gap = tiling(newestLeaders());
    if (!gap.isEmpty()) {
      world.violate("regions tile", gap, null);
    }
  }

  private static String tiling(Map<Long, RegionView> leaders) {
    List<Region> regions = new ArrayList<>();
    leaders.values().forEach(view -> regions.add(view.region()));
    regions.sort(
        (a, b) ->
            Key.wrap(a.getStartKey().toByteArray())
                .compareTo(Key.wrap(b.getStartKey().toByteArray())));
    com.google.protobuf.ByteString end = com.google.protobuf.ByteString.EMPTY;
    for (Region region : regions) {
      if (!region.getStartKey().equals(end)) {
        return "a gap or an overlap before region " + region.getId();
      }
      end = region.getEndKey();
    }
    return end.isEmpty() ? "" : "no region holds the last keys";
  }

  void checkColumnFamilies() {
    for (SimStore store : world.stores()) {
      if (store.access() != null) {
        try (EngineSnapshot snapshot = store.disk().engine().snapshot()) {
          new ColumnFamilies(world, store.address()).check(snapshot);
        }
      }
    }
  }
}
