package dev.kittiwake.client.fake;

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

/** Three sorted maps. The owner's lock guards them; a snapshot is good while it is held. */
final class FakeData implements Snapshot {
  private final Map<ColumnFamily, TreeMap<Key, byte[]>> families =
      new EnumMap<>(ColumnFamily.class);

  FakeData() {
    for (ColumnFamily family : ColumnFamily.values()) {
      families.put(family, new TreeMap<>());
    }
  }

  void apply(WriteSet writes) {
    for (Modification change : writes.modifications()) {
      if (change instanceof Modification.Put) {
        families.get(change.family()).put(change.key(), ((Modification.Put) change).value());
      } else {
        families.get(change.family()).remove(change.key());
      }
    }
  }

  int locks() {
    return families.get(ColumnFamily.LOCK).size();
  }

  @Override
  public byte[] get(ColumnFamily family, Key storedKey) {
    return families.get(family).get(storedKey);
  }

  @Override
  public Cursor cursor(ColumnFamily family, KeyRange range, Direction direction) {
    NavigableMap<Key, byte[]> all = families.get(family);
    NavigableMap<Key, byte[]> part =
        range.isEmpty()
            ? new TreeMap<>()
            : range.end().isEmpty()
                ? all.tailMap(range.start(), true)
                : all.subMap(range.start(), true, range.end(), false);
    boolean forward = direction == Direction.FORWARD;
    return new Cursor() {
      private Map.Entry<Key, byte[]> at;

      @Override
      public boolean seek(Key key) {
        if (forward) {
          at =
              part.isEmpty() || key.compareTo(range.start()) < 0 ? part.firstEntry() : ceiling(key);
        } else {
          boolean end =
              key.isEmpty() || (!range.end().isEmpty() && key.compareTo(range.end()) >= 0);
          at = end ? part.lastEntry() : floor(key);
        }
        return valid();
      }

      private Map.Entry<Key, byte[]> ceiling(Key key) {
        return !range.end().isEmpty() && key.compareTo(range.end()) >= 0
            ? null
            : part.ceilingEntry(key);
      }

      private Map.Entry<Key, byte[]> floor(Key key) {
        return key.compareTo(range.start()) < 0 ? null : part.floorEntry(key);
      }

      @Override
      public boolean next() {
        at = forward ? part.higherEntry(at.getKey()) : part.lowerEntry(at.getKey());
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
    };
  }
}
