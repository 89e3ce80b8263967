package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;

/**
 * The stored data of one region at one instant. Keys are stored keys (encoded, versioned), not user
 * keys. Used by one thread at a time; the owner closes it.
 */
public interface Snapshot {
  /** The value at {@code storedKey}, or null. The array is the caller's. */
  byte[] get(ColumnFamily family, Key storedKey);

  /** An unpositioned cursor over {@code range}: seek before reading. The caller closes it. */
  Cursor cursor(ColumnFamily family, KeyRange range, Direction direction);
}
