package dev.kittiwake.kv.txn;

import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.RegionListener;
import dev.kittiwake.kv.region.RegionSnapshot;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.LockType;
import dev.kittiwake.txn.mvcc.Modification;
import dev.kittiwake.txn.mvcc.WriteSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Pessimistic locks that only the leader knows: locking a key costs no round of Raft. A split hands
 * them on to the region that gets the key, if it is led here first; before a merge they are
 * replicated. A change of leadership loses them. That is safe, as a prewrite checks again what the
 * lock was to guarantee: it finds the lock missing and goes on only if nobody has written the key
 * since the transaction began.
 *
 * <p>Invariant: a key that has an entry here has no lock in the engine. Changes of a key are
 * serialised by its latch. Thread-safe.
 */
public final class UnreplicatedLocks implements RegionListener {
  private final ConcurrentSkipListMap<Key, Entry> entries =
      new ConcurrentSkipListMap<>(); // by stored key; added to only under this
  private final Map<Long, Leadership> led = new HashMap<>(); // guarded by this; by region
  private final int maxEntries;

  /** A lock and the leadership under which it was given; it means nothing under another. */
  private record Entry(long regionId, long term, byte[] lock) {
    boolean isOf(RegionView view) {
      return regionId == view.regionId() && term == view.term();
    }
  }

  /**
   * A region that is led here.
   *
   * @param open whether locks may stay unreplicated; not while the region is about to be merged
   */
  private record Leadership(long term, long version, boolean open) {}

  /**
   * @param maxEntries beyond so many, locks are replicated; 0 = always
   */
  public UnreplicatedLocks(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  /** The record of the lock that the leader of {@code view} holds on {@code storedKey}, or null. */
  byte[] find(RegionView view, Key storedKey) {
    Entry entry = entries.get(storedKey);
    return entry != null && entry.isOf(view) ? entry.lock() : null;
  }

  /** The records of all such locks in {@code storedKeys}, by stored key; a copy. */
  NavigableMap<Key, byte[]> within(RegionView view, KeyRange storedKeys) {
    NavigableMap<Key, byte[]> found = new TreeMap<>();
    part(storedKeys)
        .forEach(
            (key, entry) -> {
              if (entry.isOf(view)) {
                found.put(key, entry.lock());
              }
            });
    return found;
  }

  private NavigableMap<Key, Entry> part(KeyRange storedKeys) {
    if (storedKeys.isEmpty()) {
      return new TreeMap<>();
    }
    return storedKeys.end().isEmpty()
        ? entries.tailMap(storedKeys.start(), true)
        : entries.subMap(storedKeys.start(), true, storedKeys.end(), false);
  }

  /** What of a command's writes is replicated, and what changes here once that is done. */
  final class Plan {
    private final RegionView view;
    private final RegionWrite replicated = new RegionWrite();
    private final List<Key> removed = new ArrayList<>();
    private final TreeMap<Key, byte[]> added = new TreeMap<>();

    private Plan(RegionView view) {
      this.view = view;
    }

    /** The part to be replicated; may be empty. */
    RegionWrite replicated() {
      return replicated;
    }

    /**
     * To be called when the replicated part is applied, before the latches are released.
     *
     * @return false if the region has changed meanwhile and locks could not be added: whoever asked
     *     for them does not have them and must ask again
     */
    boolean carryOut() {
      removed.forEach(entries::remove);
      return added.isEmpty() || add(view, added);
    }
  }

  private synchronized boolean add(RegionView view, Map<Key, byte[]> locks) {
    if (!mayAdd(view)) {
      return false;
    }
    locks.forEach((key, lock) -> entries.put(key, new Entry(view.regionId(), view.term(), lock)));
    return true;
  }

  private synchronized boolean mayAdd(RegionView view) {
    Leadership now = led.get(view.regionId());
    return now != null
        && now.open()
        && now.term() == view.term()
        && now.version() == view.version();
  }

  /**
   * Decides for each write whether it is replicated.
   *
   * @param snapshot what the command has seen
   */
  Plan plan(RegionView view, WriteSet writes, RegionSnapshot snapshot) {
    Plan plan = new Plan(view);
    for (Modification change : writes.modifications()) {
      if (change.family() != ColumnFamily.LOCK) {
        replicate(plan, change);
        continue;
      }
      boolean here = find(view, change.key()) != null;
      if (change instanceof Modification.Put
          && mayStay(view, here, (Modification.Put) change, snapshot)) {
        plan.added.put(change.key(), ((Modification.Put) change).value());
      } else if (here) {
        plan.removed.add(change.key());
        if (change instanceof Modification.Put) {
          replicate(plan, change);
        }
      } else {
        replicate(plan, change);
      }
    }
    return plan;
  }

  private boolean mayStay(
      RegionView view, boolean here, Modification.Put change, RegionSnapshot snapshot) {
    return change.value()[0] == LockType.PESSIMISTIC.code()
        && mayAdd(view)
        && (here
            || (entries.size() < maxEntries && snapshot.get(Family.LOCK, change.key()) == null));
  }

  private static void replicate(Plan plan, Modification change) {
    Family family = SnapshotView.engineFamily(change.family());
    if (change instanceof Modification.Put) {
      plan.replicated.put(family, change.key(), ((Modification.Put) change).value());
    } else {
      plan.replicated.delete(family, change.key());
    }
  }

  /**
   * A plan that replicates the locks on {@code storedKeys}: to be made and carried out under their
   * latches.
   */
  Plan planToReplicate(RegionView view, List<Key> storedKeys) {
    Plan plan = new Plan(view);
    for (Key key : storedKeys) {
      byte[] lock = find(view, key);
      if (lock != null) {
        plan.removed.add(key);
        plan.replicated.put(Family.LOCK, key, lock);
      }
    }
    return plan;
  }

  /** From now on every lock of the region is replicated. Answers the keys of those that are not. */
  synchronized List<Key> close(RegionView view) {
    Leadership now = led.get(view.regionId());
    if (now == null || now.term() != view.term()) {
      return List.of();
    }
    led.put(view.regionId(), new Leadership(now.term(), now.version(), false));
    return new ArrayList<>(within(view, view.range()).keySet());
  }

  /** Locks of the region may stay here again: it was not merged. */
  synchronized void open(RegionView view) {
    led.computeIfPresent(
        view.regionId(), (id, now) -> new Leadership(now.term(), view.version(), true));
  }

  @Override
  public synchronized void onLeaderGained(RegionView view) {
    led.put(view.regionId(), new Leadership(view.term(), view.version(), true));
    if (!view.isFirstLeadership()) {
      entries.values().removeIf(e -> e.regionId() == view.regionId() && e.term() != view.term());
    }
  }

  @Override
  public void onLeaderLost(long regionId, long term) {
    forget(regionId);
  }

  @Override
  public synchronized void onSplit(RegionView before, List<RegionView> after, boolean wasLeader) {
    if (!wasLeader) {
      forget(before.regionId());
      return;
    }
    for (RegionView piece : after) {
      if (piece.regionId() == before.regionId()) {
        led.computeIfPresent(
            piece.regionId(), (id, now) -> new Leadership(now.term(), piece.version(), now.open()));
      } else {
        handOn(before, piece);
      }
    }
  }

  /** The locks are those of the piece's first leader, should that be this store. */
  private void handOn(RegionView before, RegionView piece) {
    part(piece.range())
        .replaceAll(
            (key, entry) ->
                entry.isOf(before)
                    ? new Entry(piece.regionId(), RegionView.FIRST_TERM, entry.lock())
                    : entry);
  }

  @Override
  public synchronized void onMerged(RegionView before, RegionView after, boolean wasLeader) {
    led.computeIfPresent(
        after.regionId(), (id, now) -> new Leadership(now.term(), after.version(), now.open()));
  }

  @Override
  public void onDestroyed(long regionId) {
    forget(regionId);
  }

  private synchronized void forget(long regionId) {
    led.remove(regionId);
    entries.values().removeIf(entry -> entry.regionId() == regionId);
  }

  /** How many locks there are. */
  public int size() {
    return entries.size();
  }
}
