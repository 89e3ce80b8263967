package dev.kittiwake.client.txn;

import dev.kittiwake.proto.key.Key;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@link Transaction#lock} found, as committed at {@link #forUpdateTs}; own buffered writes
 * are not part of it. Holds the keys whose values are known: all locked keys if values were asked
 * for.
 */
public final class LockedValues {
  private final long forUpdateTs;
  private final TreeMap<Key, byte[]> values;

  LockedValues(long forUpdateTs, TreeMap<Key, byte[]> values) {
    this.forUpdateTs = forUpdateTs;
    this.values = values;
  }

  /** The values are the newest ones up to this timestamp, and stay so while the locks are held. */
  public long forUpdateTs() {
    return forUpdateTs;
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
