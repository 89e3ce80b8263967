package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.txn.mvcc.GarbageCollector;
import dev.kittiwake.txn.mvcc.GarbageCollector.Fate;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * A hash over what a replica holds of a region: the same on every replica that has applied the same
 * entries, whatever each of them has collected of the garbage up to a safe point. So of the
 * versions those count that collecting would leave, with their values; all locks; and of the family
 * {@code default}, what is not the value of such an old version.
 *
 * <p>64 bits, of two checksums: it finds damage, not forgery.
 */
final class RegionHash {
  private final CRC32 first = new CRC32();
  private final CRC32C second = new CRC32C();
  private final ByteBuffer lengths = ByteBuffer.allocate(9);
  private final EngineSnapshot data;
  private final byte[] from;
  private final byte[] to;
  private final long safePoint;

  private RegionHash(EngineSnapshot data, KeyRange range, long safePoint) {
    this.data = data;
    this.from = EngineKeys.dataStart(range);
    this.to = EngineKeys.dataEnd(range);
    this.safePoint = safePoint;
  }

  static long of(EngineSnapshot data, KeyRange range, long safePoint) {
    RegionHash hash = new RegionHash(data, range, safePoint);
    hash.versions();
    hash.locks();
    hash.values();
    return hash.first.getValue() << 32 | hash.second.getValue();
  }

  private void versions() {
    GarbageCollector rule = new GarbageCollector(safePoint);
    Key key = Key.EMPTY;
    try (EngineCursor cursor = data.cursor(Family.WRITE, from, to)) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        byte[] engineKey = cursor.key();
        byte[] value = cursor.value();
        byte[] stored = Arrays.copyOfRange(engineKey, 1, engineKey.length);
        Write write = parsed(stored, value);
        if (write == null) {
          add(Family.WRITE, engineKey, value);
          continue;
        }
        if (key.isEmpty() || !VersionedKey.isVersionOf(stored, key)) {
          key = VersionedKey.encodedUserKey(stored);
          rule.nextKey();
        }
        if (rule.fate(VersionedKey.timestamp(stored), write) == Fate.STAYS) {
          add(Family.WRITE, engineKey, value);
          addOldValue(key, write);
        }
      }
    }
  }

  /** Null for raw data, which may lie in any family. */
  private static Write parsed(byte[] stored, byte[] value) {
    try {
      return stored.length < VersionedKey.TIMESTAMP_BYTES ? null : Write.parse(value);
    } catch (IllegalArgumentException raw) {
      return null;
    }
  }

  /** Values of younger transactions are found in their own family. */
  private void addOldValue(Key key, Write write) {
    if (write.type() == WriteType.PUT
        && write.shortValue() == null
        && !Timestamp.isAfter(write.startTs(), safePoint)) {
      byte[] engineKey = EngineKeys.data(VersionedKey.append(key, write.startTs()));
      byte[] value = data.get(Family.DEFAULT, engineKey);
      add(Family.DEFAULT, engineKey, value == null ? new byte[0] : value);
    }
  }

  private void locks() {
    try (EngineCursor cursor = data.cursor(Family.LOCK, from, to)) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        add(Family.LOCK, cursor.key(), cursor.value());
      }
    }
  }

  private void values() {
    try (EngineCursor cursor = data.cursor(Family.DEFAULT, from, to)) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        byte[] engineKey = cursor.key();
        if (!isOldValue(Arrays.copyOfRange(engineKey, 1, engineKey.length))) {
          add(Family.DEFAULT, engineKey, cursor.value());
        }
      }
    }
  }

  /** Whether it may be gone where garbage was collected: a transaction's value, not a raw one. */
  private boolean isOldValue(byte[] stored) {
    if (stored.length < VersionedKey.TIMESTAMP_BYTES
        || Timestamp.isAfter(VersionedKey.timestamp(stored), safePoint)) {
      return false;
    }
    try {
      VersionedKey.userKey(stored);
      return true;
    } catch (IllegalArgumentException raw) {
      return false;
    }
  }

  private void add(Family family, byte[] key, byte[] value) {
    lengths.clear();
    lengths.put((byte) family.id()).putInt(key.length).putInt(value.length);
    add(lengths.array());
    add(key);
    add(value);
  }

  private void add(byte[] bytes) {
    first.update(bytes);
    second.update(bytes);
  }
}
