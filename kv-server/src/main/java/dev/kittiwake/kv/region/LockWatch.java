package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.kv.resolved.OpenLocks;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.ReplicaPhase;
import dev.kittiwake.txn.mvcc.Lock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Follows the locks of a replica's region on the apply path, as long as that is wanted. Confined to
 * the apply thread, but for {@link #seen} and {@link #isOn}.
 */
final class LockWatch implements WriteBatch.Visitor {
  private static final int MAX_LOCKS = 1 << 18;

  private final OpenLocks locks;
  private KeyRange range;
  private long version;
  private boolean begun; // and not lost since
  private long generation; // of the walk whose findings are waited for
  private long index; // of the entry that is being applied
  private volatile boolean on;
  private volatile Seen seen; // null = not known

  /**
   * @param index all entries up to it are regarded
   * @param version of the region's epoch there
   * @param oldest least start timestamp of a lock; {@link OpenLocks#NONE} if there is none
   */
  record Seen(long index, long version, long oldest) {}

  LockWatch(Region region) {
    this(region, MAX_LOCKS);
  }

  /**
   * @param maxLocks with more the watch is given up
   */
  LockWatch(Region region, int maxLocks) {
    this.locks = new OpenLocks(maxLocks);
    become(region);
  }

  /** What was seen last, or null. Any thread. */
  Seen seen() {
    return seen;
  }

  /** Whether the watch has begun, though it may know nothing yet. Any thread. */
  boolean isOn() {
    return on;
  }

  /** Has the watch begin, by a task of the apply thread and a walk over the data. */
  static void start(RegionReplica replica) {
    StoreContext context = replica.context();
    LockWatch watch = replica.applier().locks();
    watch.on = true;
    context
        .applyLoop()
        .add(
            round -> {
              watch.begin();
              long mine = watch.generation;
              // The walk must find all that was applied before the first change that is followed.
              round.afterwards(() -> context.looks().execute(() -> watch.look(replica, mine)));
            });
  }

  /** What is applied from now on is followed; what was there before is to be found. */
  void begin() {
    lost();
    on = true;
    begun = true;
    locks.begin();
  }

  static void stop(RegionReplica replica) {
    LockWatch watch = replica.applier().locks();
    watch.on = false;
    watch.seen = null;
    replica.context().applyLoop().add(round -> watch.lost());
  }

  /** A walk over the locks of the data. On a background thread. */
  private void look(RegionReplica replica, long mine) {
    StoreContext context = replica.context();
    Map<Key, Long> found = new HashMap<>();
    long at = 0;
    try (EngineSnapshot snapshot = context.engine().snapshot()) {
      RegionState state = RegionRecords.state(snapshot, replica.regionId());
      if (state != null
          && state.getPhase() == ReplicaPhase.NORMAL
          && collect(snapshot, Regions.range(state.getRegion()), found)) {
        at = RegionRecords.applied(snapshot, replica.regionId()).index();
      }
    } catch (EngineException unreadable) {
      at = 0; // the store is about to stop, or will try again
    }
    long reached = at;
    context
        .loop()
        .execute(
            () ->
                context
                    .applyLoop()
                    .add(
                        round -> {
                          if (mine == generation) {
                            found(reached, found, replica.applier().applied().index());
                          }
                        }));
  }

  /**
   * A walk over the data found these locks, as of the entry {@code at}; 0 = it found nothing out.
   */
  void found(long at, Map<Key, Long> present, long applied) {
    if (at == 0) {
      lost();
    } else {
      locks.found(at, present, range);
      if (!locks.isExact()) {
        lost(); // there are too many locks
      }
      reached(applied);
    }
  }

  private static boolean collect(EngineSnapshot snapshot, KeyRange range, Map<Key, Long> found) {
    try (EngineCursor cursor =
        snapshot.cursor(Family.LOCK, EngineKeys.dataStart(range), EngineKeys.dataEnd(range))) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        long startTs = startTs(cursor.value());
        if (startTs != 0) {
          found.put(stored(cursor.key()), startTs);
        }
        if (found.size() > MAX_LOCKS) {
          return false;
        }
      }
    }
    return true;
  }

  /** Of a transaction that may commit with this lock; 0 = none. */
  private static long startTs(byte[] value) {
    try {
      Lock lock = Lock.parse(value);
      return lock.isPessimistic() ? 0 : lock.startTs();
    } catch (IllegalArgumentException notALock) {
      return 0; // raw data in this family
    }
  }

  private static Key stored(byte[] engineKey) {
    return Key.wrap(Arrays.copyOfRange(engineKey, 1, engineKey.length));
  }

  // ---- on the apply path ----

  /** The records at {@code payload[from, to)} are applied with the entry {@code index}. */
  void count(long atIndex, byte[] payload, int from, int to) {
    if (locks.follows()) {
      index = atIndex;
      WriteBatch.visit(payload, from, to, Family.LOCK, this);
    }
  }

  @Override
  public void onPut(Family family, byte[] key, byte[] value) {
    long startTs = startTs(value);
    if (startTs != 0) {
      locks.locked(index, stored(key), startTs);
    } else {
      locks.freed(index, stored(key));
    }
  }

  @Override
  public void onDelete(Family family, byte[] key) {
    locks.freed(index, stored(key));
  }

  @Override
  public void onDeleteRange(Family family, byte[] from, byte[] to) {
    locks.freed(index, new KeyRange(stored(from), to[0] == from[0] ? stored(to) : Key.EMPTY));
  }

  /** Entries up to here are in the batch; called before anybody hears that they are applied. */
  void reached(long appliedIndex) {
    if (locks.isExact()) {
      seen = new Seen(appliedIndex, version, locks.oldest());
    } else if (begun && !locks.follows()) {
      lost(); // there were too many locks, or nobody knows which have gone
    }
  }

  /** The region has another range, or other data. */
  void become(Region changed) {
    KeyRange next = Regions.range(changed);
    if (range == null || !range.intersection(next).equals(next)) {
      lost();
    } else {
      locks.narrow(next);
    }
    range = next;
    version = changed.getRegionEpoch().getVersion();
    seen = null;
  }

  /** Nothing is known any more; the watch may begin anew. */
  void lost() {
    locks.stop();
    generation++;
    begun = false;
    seen = null;
    on = false;
  }
}
