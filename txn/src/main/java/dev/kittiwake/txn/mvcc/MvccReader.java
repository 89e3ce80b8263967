package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.key.VersionedKey;
import java.util.List;

/**
 * Answers questions about single keys of a snapshot. All keys are encoded user keys.
 *
 * <p>One forward cursor over the write family is opened on first use and reused for every question:
 * a question about the next older version of the same key costs a step, not a seek. For one thread;
 * to be closed.
 */
public final class MvccReader implements AutoCloseable {
  /** Steps to try before a seek: neighbours are cheaper to walk to than to look up. */
  private static final int NEAR_STEPS = 8;

  private final Snapshot snapshot;
  private final KeyRange storedBounds;
  private Cursor writes; // null until first used
  private Key soughtFrom; // the cursor stands on the first record >= this; null if not positioned

  private MvccReader(Snapshot snapshot, KeyRange storedBounds) {
    this.snapshot = snapshot;
    this.storedBounds = storedBounds;
  }

  /** A reader for {@code userKeys} only; for any keys if the list is empty. */
  public static MvccReader forKeys(Snapshot snapshot, List<Key> userKeys) {
    return new MvccReader(snapshot, EncodedKeys.spanning(userKeys));
  }

  /** A reader for one encoded key. */
  public static MvccReader forKey(Snapshot snapshot, Key encodedKey) {
    return new MvccReader(snapshot, EncodedKeys.versionsOf(encodedKey));
  }

  /** The lock of the key, or null. */
  public Lock lock(Key encodedKey) {
    byte[] bytes = snapshot.get(ColumnFamily.LOCK, encodedKey);
    return bytes == null ? null : Lock.parse(bytes);
  }

  /** The newest record of any type with commit ts at or below {@code ts}, or null. */
  public Version newest(Key encodedKey, long ts) {
    position(encodedKey, VersionedKey.append(encodedKey, ts));
    return current(encodedKey);
  }

  /**
   * The newest record at or below {@code ts} that changed the value, or null: rollbacks and pure
   * locks are stepped over. A put whose gc fence forbids it to a read at {@code ts} counts as no
   * value (null).
   */
  public Version newestChange(Key encodedKey, long ts) {
    return change(encodedKey, newest(encodedKey, ts), ts);
  }

  /**
   * As {@link #newestChange} over all versions, when {@code newest} was just asked for at the
   * largest timestamp: no second seek.
   */
  public Version newestChangeFrom(Key encodedKey, Version newest) {
    return change(encodedKey, newest, Timestamp.MAX);
  }

  private Version change(Key encodedKey, Version from, long ts) {
    Version version = from;
    while (version != null && !version.write().type().changesValue()) {
      writes.next();
      soughtFrom = null;
      version = current(encodedKey);
    }
    if (version == null) {
      return null;
    }
    long fence = version.write().gcFence();
    return fence != 0 && !Timestamp.isAfter(fence, ts) ? null : version;
  }

  /** What happened to the transaction {@code startTs} on the key. */
  public TxnRecord record(Key encodedKey, long startTs) {
    long fence = 0;
    Version version = newest(encodedKey, Timestamp.MAX);
    while (version != null && !Timestamp.isBefore(version.commitTs(), startTs)) {
      Write write = version.write();
      if (write.rollsBack(version.commitTs(), startTs)) {
        return new TxnRecord.RolledBack();
      }
      if (write.startTs() == startTs) {
        return new TxnRecord.Committed(version.commitTs(), write);
      }
      if (version.commitTs() == startTs) {
        return new TxnRecord.Missing(version, fence);
      }
      if (write.type().changesValue()) {
        fence = version.commitTs();
      }
      writes.next();
      soughtFrom = null;
      version = current(encodedKey);
    }
    return new TxnRecord.Missing(null, 0);
  }

  /** The value of a put, or null if {@code version} is null or a delete. */
  public byte[] value(Key encodedKey, Version version) {
    if (version == null || version.write().type() != WriteType.PUT) {
      return null;
    }
    byte[] inline = version.write().shortValue();
    return inline != null ? inline : longValue(encodedKey, version.write().startTs());
  }

  /** The value that transaction {@code startTs} stored outside of its record. */
  public byte[] longValue(Key encodedKey, long startTs) {
    byte[] value = snapshot.get(ColumnFamily.DEFAULT, VersionedKey.append(encodedKey, startTs));
    if (value == null) {
      throw new IllegalStateException(
          "no value of encoded key " + encodedKey + " at " + Timestamp.toString(startTs));
    }
    return value;
  }

  private void position(Key encodedKey, Key target) {
    if (writes == null) {
      writes = snapshot.cursor(ColumnFamily.WRITE, storedBounds, Direction.FORWARD);
    } else if (soughtFrom != null
        && soughtFrom.compareTo(target) <= 0
        && walk(encodedKey, target)) {
      soughtFrom = target;
      return;
    }
    writes.seek(target);
    soughtFrom = target;
  }

  /** Steps forward to {@code target} within the versions of the key; false if a seek is better. */
  private boolean walk(Key encodedKey, Key target) {
    for (int steps = 0; writes.valid(); steps++) {
      Key key = writes.key();
      if (key.compareTo(target) >= 0) {
        return true;
      }
      if (steps == NEAR_STEPS || !VersionedKey.isVersionOf(key.unsafeBytes(), encodedKey)) {
        return false;
      }
      writes.next();
    }
    return true;
  }

  private Version current(Key encodedKey) {
    if (!writes.valid()) {
      return null;
    }
    byte[] key = writes.key().unsafeBytes();
    return VersionedKey.isVersionOf(key, encodedKey)
        ? new Version(VersionedKey.timestamp(key), Write.parse(writes.value()))
        : null;
  }

  @Override
  public void close() {
    if (writes != null) {
      writes.close();
    }
  }
}
