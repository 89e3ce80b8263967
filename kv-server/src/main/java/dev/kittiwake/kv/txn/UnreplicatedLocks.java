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
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Pessimistic locks that only the leader knows: locking a key costs no round of Raft. A change of
 * leadership or of the region's range loses them. That is safe, as a prewrite checks again what the
 * lock was to guarantee: it finds the lock missing and goes on only if nobody has written the key
 * since the transaction began.
 *
 * <p>Invariant: a key that has an entry here has no lock in the engine. Changes of a key are
 * serialised by its latch. Thread-safe.
 */
public final class UnreplicatedLocks implements RegionListener {
  private final ConcurrentSkipListMap<Key, Entry> entries =
      new ConcurrentSkipListMap<>(); // by stored key
  private final int maxEntries;

  /** A lock and the leadership under which it was given; it means nothing under another. */
  private record Entry(long regionId, long term, byte[] lock) {
    boolean isOf(RegionView view) {
      return regionId == view.regionId() && term == view.term();
    }
  }

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
    if (!entries.isEmpty() && !storedKeys.isEmpty()) {
      NavigableMap<Key, Entry> part =
          storedKeys.end().isEmpty()
              ? entries.tailMap(storedKeys.start(), true)
              : entries.subMap(storedKeys.start(), true, storedKeys.end(), false);
      part.forEach(
          (key, entry) -> {
            if (entry.isOf(view)) {
              found.put(key, entry.lock());
            }
          });
    }
    return found;
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

    /** To be called when the replicated part is applied, before the latches are released. */
    void carryOut() {
      removed.forEach(entries::remove);
      added.forEach((key, lock) -> entries.put(key, new Entry(view.regionId(), view.term(), lock)));
    }
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
          && mayStay(here, (Modification.Put) change, snapshot)) {
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

  private boolean mayStay(boolean here, Modification.Put change, RegionSnapshot snapshot) {
    return change.value()[0] == LockType.PESSIMISTIC.code()
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

  @Override
  public void onLeaderLost(long regionId, long term) {
    forget(regionId);
  }

  @Override
  public void onSplit(RegionView before, List<RegionView> after, boolean wasLeader) {
    forget(before.regionId());
  }

  @Override
  public void onDestroyed(long regionId) {
    forget(regionId);
  }

  private void forget(long regionId) {
    entries.values().removeIf(entry -> entry.regionId() == regionId);
  }

  /** How many locks there are. */
  public int size() {
    return entries.size();
  }
}
