package dev.kittiwake.txn;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.Cursor;
import dev.kittiwake.txn.mvcc.Direction;
import dev.kittiwake.txn.mvcc.Modification;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.WriteSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A small store in sorted maps. Its snapshots are whole copies. Counts what is asked of it. */
public final class MemoryStore {
  private final Map<ColumnFamily, TreeMap<Key, byte[]>> families =
      new EnumMap<>(ColumnFamily.class);
  public int gets;
  public int seeks;
  public int steps;

  public MemoryStore() {
    for (ColumnFamily family : ColumnFamily.values()) {
      families.put(family, new TreeMap<>());
    }
  }

  public NavigableMap<Key, byte[]> family(ColumnFamily family) {
    return families.get(family);
  }

  public void apply(WriteSet writes) {
    for (Modification change : writes.modifications()) {
      if (change instanceof Modification.Put put) {
        families.get(put.family()).put(put.key(), put.value());
      } else {
        families.get(change.family()).remove(change.key());
      }
    }
  }

  public Snapshot snapshot() {
    Map<ColumnFamily, TreeMap<Key, byte[]>> copy = new EnumMap<>(ColumnFamily.class);
    families.forEach((family, map) -> copy.put(family, new TreeMap<>(map)));
    return new MapSnapshot(copy);
  }

  private final class MapSnapshot implements Snapshot {
    private final Map<ColumnFamily, TreeMap<Key, byte[]>> maps;

    MapSnapshot(Map<ColumnFamily, TreeMap<Key, byte[]>> maps) {
      this.maps = maps;
    }

    @Override
    public byte[] get(ColumnFamily family, Key storedKey) {
      gets++;
      return maps.get(family).get(storedKey);
    }

    @Override
    public Cursor cursor(ColumnFamily family, KeyRange range, Direction direction) {
      NavigableMap<Key, byte[]> part = maps.get(family).tailMap(range.start(), true);
      if (!range.end().isEmpty()) {
        part = range.isEmpty() ? new TreeMap<>() : part.headMap(range.end(), false);
      }
      return new MapCursor(part, direction == Direction.FORWARD);
    }
  }

  private final class MapCursor implements Cursor {
    private final NavigableMap<Key, byte[]> map;
    private final boolean forward;
    private Map.Entry<Key, byte[]> at;

    MapCursor(NavigableMap<Key, byte[]> map, boolean forward) {
      this.map = map;
      this.forward = forward;
    }

    @Override
    public boolean seek(Key key) {
      seeks++;
      if (forward) {
        at = map.ceilingEntry(key);
      } else {
        at = key.isEmpty() ? map.lastEntry() : map.floorEntry(key);
      }
      return valid();
    }

    @Override
    public boolean next() {
      steps++;
      at = forward ? map.higherEntry(at.getKey()) : map.lowerEntry(at.getKey());
      return valid();
    }

    @Override
    public boolean valid() {
      return at != null;
    }

    @Override
    public Key key() {
      return at.getKey();
    }

    @Override
    public byte[] value() {
      return at.getValue();
    }

    @Override
    public void close() {}
  }
}
