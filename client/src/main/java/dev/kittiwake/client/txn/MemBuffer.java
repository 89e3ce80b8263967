package dev.kittiwake.client.txn;

import dev.kittiwake.proto.key.Key;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The writes of one transaction, sorted by key, with a history to go back in. Pure; one thread.
 *
 * <p>Invariant: undoing {@code history} from its end leads through all earlier states to the empty
 * buffer.
 */
final class MemBuffer {
  /**
   * One buffered write.
   *
   * @param value null for a deletion
   * @param mustNotExist the commit has to check that the key was absent before this transaction
   */
  record Entry(byte[] value, boolean mustNotExist) {
    boolean isDelete() {
      return value == null;
    }
  }

  private record Change(Key key, Entry before) {}

  private final TreeMap<Key, Entry> entries = new TreeMap<>();
  private final List<Change> history = new ArrayList<>();
  private long bytes; // keys and values held by entries

  void put(Key key, byte[] value) {
    Entry before = entries.get(key);
    set(key, new Entry(value, before != null && before.mustNotExist));
  }

  void delete(Key key) {
    Entry before = entries.get(key);
    set(key, new Entry(null, before != null && before.mustNotExist));
  }

  /** A put of a key that the commit has to find absent. */
  void insert(Key key, byte[] value) {
    set(key, new Entry(value, true));
  }

  private void set(Key key, Entry entry) {
    Entry before = entries.put(key, entry);
    history.add(new Change(key, before));
    bytes += size(key, entry) - size(key, before);
  }

  private static long size(Key key, Entry entry) {
    return entry == null ? 0 : key.length() + (entry.value == null ? 0 : entry.value.length);
  }

  /** The write of {@code key}, or null. */
  Entry entry(Key key) {
    return entries.get(key);
  }

  Map<Key, Entry> entries() {
    return entries;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  /**
   * The writes in {@code [start, end)} as of now, in the wanted order: later changes of the buffer
   * do not show.
   */
  Iterator<Map.Entry<Key, Entry>> range(Key start, Key end, boolean reverse) {
    if (entries.isEmpty() || (!end.isEmpty() && start.compareTo(end) >= 0)) {
      return List.<Map.Entry<Key, Entry>>of().iterator();
    }
    NavigableMap<Key, Entry> part =
        end.isEmpty() ? entries.tailMap(start, true) : entries.subMap(start, true, end, false);
    List<Map.Entry<Key, Entry>> copy = new ArrayList<>();
    for (Map.Entry<Key, Entry> entry : (reverse ? part.descendingMap() : part).entrySet()) {
      copy.add(Map.entry(entry.getKey(), entry.getValue()));
    }
    return copy.iterator();
  }

  Savepoint savepoint() {
    return new Savepoint(this, history.size());
  }

  /** Undoes every change made after {@code savepoint} was taken. */
  void rollbackTo(Savepoint savepoint) {
    if (savepoint.owner != this || savepoint.position > history.size()) {
      throw new IllegalArgumentException("the savepoint is not one of this transaction's present");
    }
    for (int i = history.size() - 1; i >= savepoint.position; i--) {
      Change change = history.remove(i);
      Entry undone =
          change.before == null
              ? entries.remove(change.key)
              : entries.put(change.key, change.before);
      bytes += size(change.key, change.before) - size(change.key, undone);
    }
  }
}
