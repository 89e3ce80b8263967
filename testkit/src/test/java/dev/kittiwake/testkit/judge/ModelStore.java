package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A small multi-version store in memory that runs transactions step by step at a chosen level, or
 * not quite: each {@link Bug} leaves out one thing.
 */
final class ModelStore {
  /** What may be wrong with the store. */
  enum Bug {
    /** Commits do not look for newer versions of what they write. */
    NO_CONFLICT_CHECK,
    /** Snapshots are a few commits old. */
    OLD_SNAPSHOT,
    /** Each read of a transaction has its own snapshot. */
    SNAPSHOT_EACH_READ,
    /** Reads see what others have not committed yet. */
    DIRTY_READS,
    /** Reads do not see the transaction's own writes. */
    BLIND_TO_ITSELF,
    /** Now and then a commit is acknowledged and forgotten. */
    FORGETS,
    /** Now and then a commit becomes visible key by key. */
    HALF_COMMITS,
    /** Now and then a commit is applied twice. */
    APPLIES_TWICE,
    /** Locking reads and writes do not lock. */
    NO_LOCKS
  }

  private record Version(long ts, List<Long> values) {}

  /** One running transaction. */
  final class Running {
    private final long start;
    private final Map<Item, List<Long>> written = new LinkedHashMap<>();
    private final Set<Item> locked = new LinkedHashSet<>();

    private Running() {
      start = bugs.contains(Bug.OLD_SNAPSHOT) ? Math.max(0, clock - 3) : clock;
      running.add(this);
    }

    /**
     * @return what the step returns; null if it must wait for a lock
     */
    Seen step(Step step) {
      Item item = Item.of(step);
      Long value = Transaction.written(step);
      boolean locks = value != null || Transaction.isLocking(step);
      if (locks && !level.isOneSnapshot() && !bugs.contains(Bug.NO_LOCKS) && !lock(item)) {
        return null;
      }
      if (value != null) {
        written.computeIfAbsent(item, none -> new ArrayList<>()).add(value);
        return Seen.NOTHING;
      }
      List<Long> values = read(item, Transaction.isLocking(step));
      if (item.isList()) {
        return new Seen.Elements(values);
      }
      return new Seen.Register(values.isEmpty() ? null : values.get(values.size() - 1));
    }

    private boolean lock(Item item) {
      for (Running other : running) {
        if (other != this && other.locked.contains(item)) {
          return false;
        }
      }
      locked.add(item);
      return true;
    }

    private List<Long> read(Item item, boolean locking) {
      boolean newest =
          level == Level.READ_COMMITTED
              || (!level.isOneSnapshot() && (locking || written.containsKey(item)))
              || bugs.contains(Bug.SNAPSHOT_EACH_READ);
      List<Long> values = new ArrayList<>(at(item, newest ? Long.MAX_VALUE : start));
      if (bugs.contains(Bug.DIRTY_READS)) {
        for (Running other : running) {
          if (other != this) {
            values.addAll(other.written.getOrDefault(item, List.of()));
          }
        }
      }
      if (!bugs.contains(Bug.BLIND_TO_ITSELF)) {
        values.addAll(written.getOrDefault(item, List.of()));
      }
      return values;
    }

    /**
     * @return whether it committed
     */
    boolean commit(boolean unlucky) {
      running.remove(this);
      if (level.isOneSnapshot() && !bugs.contains(Bug.NO_CONFLICT_CHECK)) {
        for (Item item : written.keySet()) {
          if (newestTs(item) > start) {
            return false;
          }
        }
      }
      long ts = ++clock;
      if (unlucky && bugs.contains(Bug.FORGETS)) {
        return true;
      }
      boolean first = true;
      for (Map.Entry<Item, List<Long>> write : written.entrySet()) {
        if (!first && unlucky && bugs.contains(Bug.HALF_COMMITS)) {
          late.add(() -> install(write.getKey(), write.getValue(), ++clock));
        } else {
          install(write.getKey(), write.getValue(), ts);
        }
        if (unlucky && bugs.contains(Bug.APPLIES_TWICE)) {
          install(write.getKey(), write.getValue(), ts);
        }
        first = false;
      }
      return true;
    }

    void rollBack() {
      running.remove(this);
    }
  }

  private final Level level;
  private final EnumSet<Bug> bugs;
  private final Map<Item, List<Version>> versions = new HashMap<>();
  private final List<Running> running = new ArrayList<>();
  private final List<Runnable> late = new ArrayList<>();
  private long clock;

  ModelStore(Level level, EnumSet<Bug> bugs) {
    this.level = level;
    this.bugs = bugs;
  }

  Running begin() {
    return new Running();
  }

  /** Time goes by: what was half done is finished. */
  void settle() {
    late.forEach(Runnable::run);
    late.clear();
  }

  private void install(Item item, List<Long> added, long ts) {
    List<Long> values = new ArrayList<>(at(item, Long.MAX_VALUE));
    values.addAll(added);
    versions.computeIfAbsent(item, none -> new ArrayList<>()).add(new Version(ts, values));
  }

  private long newestTs(Item item) {
    List<Version> all = versions.getOrDefault(item, List.of());
    return all.isEmpty() ? 0 : all.get(all.size() - 1).ts();
  }

  private List<Long> at(Item item, long ts) {
    List<Version> all = versions.getOrDefault(item, List.of());
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).ts() <= ts) {
        return all.get(i).values();
      }
    }
    return List.of();
  }
}
