package dev.kittiwake.client.txn;

import dev.kittiwake.proto.key.Key;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@link Transaction#lock} found: the newest committed values, which stay so while the locks
 * are held; own buffered writes are not part of it. Holds the keys whose values are known: all
 * locked keys if values were asked for.
 */
public final class LockedValues {
  private final TreeMap<Key, byte[]> values;

  LockedValues(TreeMap<Key, byte[]> values) {
    this.values = values;
  }

  /** The value of {@code key}; null if absent or not known. */
  public byte[] value(Key key) {
    return values.get(key);
  }

  public boolean isKnown(Key key) {
    return values.containsKey(key);
  }

  /** All known values in key order; null for a key that is absent. */
  public Map<Key, byte[]> asMap() {
    return Collections.unmodifiableMap(values);
  }
}
