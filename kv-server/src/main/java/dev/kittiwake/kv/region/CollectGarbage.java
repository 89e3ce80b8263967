package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.txn.mvcc.GarbageCollector;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteType;
import java.util.Arrays;

/**
 * Deletes versions that no read at or above a safe point can see, from the data of this store only,
 * past raft: a record, once written, never changes, so what is garbage on one replica is garbage on
 * all, whatever they have applied meanwhile. In stretches, so that others have their turn.
 *
 * <p>A snapshot brings back what another replica has not deleted yet. None comes in the middle of a
 * stretch, and after one the key under way is begun anew: what hides its older versions must not go
 * before they do, and they may all be there again.
 *
 * <p>Confined to one thread at a time.
 */
public final class CollectGarbage {
  private static final long NOT_BEGUN = -1;

  private final Engine engine;
  private final DataTurns turns;
  private final byte[] to;
  private final GarbageCollector rule;
  private byte[] next; // engine key where to go on; within a key's versions, or not
  private Key key = Key.EMPTY; // encoded; whose versions were seen last
  private Write tombstoneWrite; // the record of the tombstone
  private byte[] tombstone; // of that key, engine key; goes with the last of its older versions
  private long replacements = NOT_BEGUN; // of data, before the last stretch

  /**
   * What a stretch found.
   *
   * @param records versions seen
   * @param keys keys that begin in it
   * @param deleted versions that went
   * @param pending versions that stay, but will go when the safe point has passed them
   * @param bytes of what was read
   * @param deletedBytes of what went, without values that lie elsewhere
   * @param anew whether data was replaced by a snapshot since the stretch before
   * @param last whether it was the last
   */
  public record Stretch(
      long records,
      long keys,
      long deleted,
      long pending,
      long bytes,
      long deletedBytes,
      boolean anew,
      boolean last) {}

  CollectGarbage(Engine engine, DataTurns turns, KeyRange storedKeys, long safePoint) {
    this.engine = engine;
    this.turns = turns;
    this.next = EngineKeys.dataStart(storedKeys);
    this.to = EngineKeys.dataEnd(storedKeys);
    this.rule = new GarbageCollector(safePoint);
  }

  /** Goes on for at most so many versions and about so many bytes. */
  public Stretch step(int maxRecords, long maxBytes) {
    return turns.delete(
        before -> {
          boolean anew = replacements != NOT_BEGUN && replacements != before;
          replacements = before;
          if (anew) {
            beginKeyAnew();
          }
          return step(maxRecords, maxBytes, anew);
        });
  }

  private void beginKeyAnew() {
    if (!key.isEmpty()) {
      next = EngineKeys.data(key.unsafeBytes());
      key = Key.EMPTY;
      tombstone = null;
      tombstoneWrite = null;
    }
  }

  private Stretch step(int maxRecords, long maxBytes, boolean anew) {
    WriteBatch batch = new WriteBatch();
    long records = 0;
    long keys = 0;
    long deleted = 0;
    long pending = 0;
    long bytes = 0;
    long deletedBytes = 0;
    boolean more;
    try (EngineSnapshot snapshot = engine.snapshot();
        EngineCursor cursor = snapshot.cursor(Family.WRITE, next, to)) {
      for (more = cursor.seekToFirst();
          more && records < maxRecords && bytes < maxBytes;
          more = cursor.next()) {
        byte[] engineKey = cursor.key();
        byte[] value = cursor.value();
        int size = engineKey.length + value.length;
        byte[] stored = Arrays.copyOfRange(engineKey, 1, engineKey.length);
        records++;
        bytes += size;
        Write write = parsed(stored, value);
        if (write == null) {
          continue;
        }
        boolean newest = !VersionedKey.isVersionOf(stored, key);
        if (newest) {
          bury(batch);
          key = VersionedKey.encodedUserKey(stored);
          rule.nextKey();
          keys++;
        }
        GarbageCollector.Fate fate = rule.fate(VersionedKey.timestamp(stored), write);
        if (fate == GarbageCollector.Fate.GOES_LAST) {
          tombstone = engineKey;
          tombstoneWrite = write;
          deleted++;
          deletedBytes += size;
        } else if (fate == GarbageCollector.Fate.GOES) {
          delete(batch, engineKey, write);
          deleted++;
          deletedBytes += size;
        } else if (!newest || write.type() != WriteType.PUT) {
          pending++;
        }
      }
      if (more) {
        next = cursor.key();
      } else {
        bury(batch);
      }
    }
    engine.write(batch);
    return new Stretch(records, keys, deleted, pending, bytes, deletedBytes, anew, !more);
  }

  /** Null for raw data, which may lie in any family: that is nobody's garbage. */
  private static Write parsed(byte[] stored, byte[] value) {
    try {
      return stored.length < VersionedKey.TIMESTAMP_BYTES ? null : Write.parse(value);
    } catch (IllegalArgumentException raw) {
      return null;
    }
  }

  /**
   * What hid the older versions of the last key goes now that they are gone, or go in this batch. A
   * stretch may end between the two, and the store's life as well: in the other order the next to
   * read would see what was deleted long ago.
   */
  private void bury(WriteBatch batch) {
    if (tombstone != null) {
      delete(batch, tombstone, tombstoneWrite);
      tombstone = null;
      tombstoneWrite = null;
    }
  }

  private void delete(WriteBatch batch, byte[] engineKey, Write write) {
    batch.delete(Family.WRITE, engineKey);
    if (write.type() == WriteType.PUT && write.shortValue() == null) {
      batch.delete(
          Family.DEFAULT, EngineKeys.data(VersionedKey.append(key, write.startTs()).unsafeBytes()));
    }
  }

  /** Gives the room of what was deleted in the range back to the disk. May take long. */
  public static void compact(Engine engine, KeyRange storedKeys) {
    for (Family family : Family.OF_DATA) {
      engine.compact(family, EngineKeys.dataStart(storedKeys), EngineKeys.dataEnd(storedKeys));
    }
  }
}
