package dev.kittiwake.kv.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * An engine in memory. Its state is an immutable value, so a snapshot costs nothing. If made with
 * {@code remembersUnsynced}, {@link #losePower} takes back a suffix of the writes that were not
 * made durable, as a power cut would.
 */
public final class MemoryEngine implements Engine {
  private final boolean remembersUnsynced;
  private final Probe probe;
  private volatile State state = State.EMPTY;

  // Guarded by this: the states since the last sync, oldest (the durable one) first.
  private final Deque<State> unsynced = new ArrayDeque<>();
  private final Map<String, MemoryStagedRange> staged = new LinkedHashMap<>();

  public MemoryEngine() {
    this(false);
  }

  /**
   * Asked before the disk of a real engine would be used; throws what that disk would fail with.
   */
  public interface Probe {
    /** Before a write of about so many bytes. */
    void beforeWrite(long bytes);

    /** Before earlier writes become durable. */
    void beforeSync();
  }

  private static final Probe HEALTHY =
      new Probe() {
        @Override
        public void beforeWrite(long bytes) {
          // Memory does not fail.
        }

        @Override
        public void beforeSync() {
          // Memory does not fail.
        }
      };

  /**
   * @param remembersUnsynced whether {@link #losePower} can be used; costs memory between syncs
   */
  public MemoryEngine(boolean remembersUnsynced) {
    this(remembersUnsynced, HEALTHY);
  }

  /** With a disk that may fail, for simulations. */
  public MemoryEngine(boolean remembersUnsynced, Probe probe) {
    this.remembersUnsynced = remembersUnsynced;
    this.probe = probe;
    if (remembersUnsynced) {
      unsynced.add(State.EMPTY);
    }
  }

  private record State(List<PersistentMap> maps) {
    static final State EMPTY =
        new State(Collections.nCopies(Family.values().length, PersistentMap.EMPTY));

    PersistentMap map(Family family) {
      return maps.get(family.id());
    }
  }

  @Override
  public byte[] get(Family family, byte[] key) {
    byte[] value = state.map(family).get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public EngineSnapshot snapshot() {
    return new MemorySnapshot(state, new AtomicInteger());
  }

  @Override
  public synchronized void write(WriteBatch batch) {
    probe.beforeWrite(batch.sizeBytes());
    PersistentMap[] maps = state.maps.toArray(new PersistentMap[0]);
    batch.visit(
        new WriteBatch.Visitor() {
          @Override
          public void onPut(Family family, byte[] key, byte[] value) {
            maps[family.id()] = maps[family.id()].put(key, value);
          }

          @Override
          public void onDelete(Family family, byte[] key) {
            maps[family.id()] = maps[family.id()].remove(key);
          }

          @Override
          public void onDeleteRange(Family family, byte[] from, byte[] to) {
            if (Arrays.compareUnsigned(from, to) < 0) {
              maps[family.id()] = maps[family.id()].removeRange(from, to);
            }
          }
        });
    publish(new State(Arrays.asList(maps)));
  }

  private void publish(State next) {
    state = next;
    if (remembersUnsynced) {
      unsynced.addLast(next);
    }
  }

  @Override
  public synchronized void syncLog() {
    probe.beforeSync();
    if (remembersUnsynced) {
      unsynced.clear();
      unsynced.add(state);
    }
  }

  /**
   * What a power cut leaves: every write up to the last {@link #syncLog} and, by {@code random},
   * some of those after it, but none without all earlier ones. Staging areas that are not sealed
   * are gone.
   */
  public synchronized void losePower(RandomGenerator random) {
    if (!remembersUnsynced) {
      throw new IllegalStateException("this engine does not remember what was not synced");
    }
    int survivors = 1 + random.nextInt(unsynced.size());
    while (unsynced.size() > survivors) {
      unsynced.removeLast();
    }
    state = unsynced.getLast();
    staged.values().removeIf(range -> !range.sealed);
  }

  @Override
  public long approximateSize(Family family, byte[] from, byte[] to) {
    PersistentMap map = state.map(family);
    long below = to.length == 0 ? map.bytes() : map.bytesBelow(to);
    return Math.max(0, below - map.bytesBelow(from));
  }

  @Override
  public synchronized StagedRange stage(String name) {
    MemoryStagedRange range = new MemoryStagedRange(name);
    staged.put(name, range);
    return range;
  }

  @Override
  public synchronized Optional<StagedRange> staged(String name) {
    return Optional.<StagedRange>ofNullable(staged.get(name))
        .filter(range -> ((MemoryStagedRange) range).sealed);
  }

  @Override
  public synchronized void discardStaged(Set<String> keep) {
    staged.keySet().retainAll(keep);
  }

  @Override
  public synchronized void ingest(StagedRange sealed, byte[] from, byte[] to) {
    probe.beforeWrite(sealed.bytes());
    MemoryStagedRange range = (MemoryStagedRange) sealed;
    if (!range.sealed) {
      throw new IllegalStateException("staging area " + range.name + " is not sealed");
    }
    PersistentMap[] maps = state.maps.toArray(new PersistentMap[0]);
    for (Family family : Family.OF_DATA) {
      maps[family.id()] = maps[family.id()].removeRange(from, to);
    }
    for (Pair pair : range.pairs) {
      maps[pair.family.id()] = maps[pair.family.id()].put(pair.key, pair.value);
    }
    publish(new State(Arrays.asList(maps)));
    syncLog();
  }

  /** Does nothing: the pairs stay, so that a store can be started again on them. */
  @Override
  public void close() {}

  private record Pair(Family family, byte[] key, byte[] value) {}

  private final class MemoryStagedRange implements StagedRange {
    private final String name;
    private final List<Pair> pairs = new ArrayList<>();
    private long bytes;
    private volatile boolean sealed;

    MemoryStagedRange(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void add(Family family, byte[] key, byte[] value) {
      if (sealed) {
        throw new IllegalStateException("staging area " + name + " is sealed");
      }
      if (!pairs.isEmpty()) {
        Pair last = pairs.get(pairs.size() - 1);
        int families = Integer.compare(last.family.id(), family.id());
        if (families > 0 || (families == 0 && Arrays.compareUnsigned(last.key, key) >= 0)) {
          throw new IllegalArgumentException("pairs of " + name + " are out of order");
        }
      }
      pairs.add(new Pair(family, key, value));
      bytes += key.length + value.length;
    }

    @Override
    public void seal() {
      sealed = true;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public void discard() {
      synchronized (MemoryEngine.this) {
        staged.remove(name, this);
      }
    }
  }

  /**
   * @param open cursors that are not closed. Here they hold nothing, but in RocksDB each keeps the
   *     files that it saw for ever: who forgets one is to notice in tests
   */
  private record MemorySnapshot(State state, AtomicInteger open) implements EngineSnapshot {
    @Override
    public byte[] get(Family family, byte[] key) {
      byte[] value = state.map(family).get(key);
      return value == null ? null : value.clone();
    }

    @Override
    public EngineCursor cursor(Family family, byte[] from, byte[] toExclusive) {
      return new MemoryCursor(state.map(family), from, toExclusive, open);
    }

    @Override
    public void close() {
      assert open.get() == 0 : open + " cursors are still open";
    }
  }
}
