package dev.kittiwake.txn.read;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.txn.command.ConflictReason;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.Cursor;
import dev.kittiwake.txn.mvcc.Direction;
import dev.kittiwake.txn.mvcc.EncodedKeys;
import dev.kittiwake.txn.mvcc.Isolation;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockType;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteType;
import java.util.ArrayList;
import java.util.List;

/**
 * Scans a range of user keys: two cursors, over locks and over versions, are merged by key. A
 * locked row comes back with its error and counts towards the limit, so that the caller can resolve
 * it and read that key again. For one thread; opens and closes its cursors within one scan.
 */
public final class RangeReader {
  private static final byte[] NO_VALUE = {};

  /** Steps to try before a seek over the versions of a key. */
  private static final int NEAR_STEPS = 8;

  private final Snapshot snapshot;
  private final ReadView view;

  public RangeReader(Snapshot snapshot, ReadView view) {
    this.snapshot = snapshot;
    this.view = view;
  }

  /**
   * Up to {@code limit} rows of {@code range}, ascending or descending. Fewer rows mean that the
   * range has no more.
   *
   * @param keyOnly rows have empty values
   */
  public List<Row> scan(KeyRange range, Direction direction, int limit, boolean keyOnly) {
    if (limit <= 0 || range.isEmpty()) {
      return List.of();
    }
    return new Scan(EncodedKeys.range(range), direction, limit, keyOnly).run();
  }

  /** One run of {@link #scan}. */
  private final class Scan {
    private final KeyRange stored;
    private final Direction direction;
    private final int limit;
    private final boolean keyOnly;
    private final List<Row> rows = new ArrayList<>();
    private Cursor locks; // null when locks do not matter
    private Cursor versions; // forward: on the first version of the next key; backward: its last

    Scan(KeyRange stored, Direction direction, int limit, boolean keyOnly) {
      this.stored = stored;
      this.direction = direction;
      this.limit = limit;
      this.keyOnly = keyOnly;
    }

    List<Row> run() {
      // Backward cursors find the versions of a key oldest first; a forward cursor beside them
      // would cost a second seek per key, so they are walked to the end.
      try (Cursor writes = snapshot.cursor(ColumnFamily.WRITE, stored, direction);
          Cursor lockCursor = openLocks()) {
        versions = writes;
        locks = lockCursor;
        start(versions);
        if (locks != null) {
          start(locks);
        }
        while (rows.size() < limit && nextKey()) {
          // nextKey() adds the row, if the key has one
        }
      }
      return rows;
    }

    private Cursor openLocks() {
      return view.isolation() == Isolation.SNAPSHOT
          ? snapshot.cursor(ColumnFamily.LOCK, stored, direction)
          : null;
    }

    private void start(Cursor cursor) {
      if (direction == Direction.FORWARD) {
        cursor.seek(stored.start());
      } else {
        cursor.seek(stored.end());
      }
    }

    /** Handles the next key that has a lock or versions; false if there is none. */
    private boolean nextKey() {
      boolean hasLock = locks != null && locks.valid();
      boolean hasVersion = versions.valid();
      if (!hasLock && !hasVersion) {
        return false;
      }
      Key versioned = hasVersion ? VersionedKey.encodedUserKey(versions.key().unsafeBytes()) : null;
      Key locked = hasLock ? locks.key() : null;
      int order = !hasLock ? 1 : !hasVersion ? -1 : compare(locked, versioned);
      Key encoded = order <= 0 ? locked : versioned;
      Lock lock = null;
      if (order <= 0) {
        lock = Lock.parse(locks.value());
        locks.next();
      }
      row(encoded, lock, order >= 0);
      return true;
    }

    private int compare(Key a, Key b) {
      return direction == Direction.FORWARD ? a.compareTo(b) : b.compareTo(a);
    }

    private void row(Key encoded, Lock lock, boolean hasVersions) {
      Key userKey = MemComparable.decode(encoded);
      if (lock != null && view.isBlockedBy(userKey, lock)) {
        skipVersions(encoded, hasVersions);
        rows.add(new Row(userKey, null, 0, Visible.locked(userKey, lock).reason()));
      } else if (lock != null && view.readsThrough(lock) && Visible.changesValue(lock)) {
        skipVersions(encoded, hasVersions);
        add(userKey, encoded, lock.startTs(), lock.shortValue(), 0, isDelete(lock));
      } else if (hasVersions) {
        committed(userKey, encoded);
      }
    }

    private boolean isDelete(Lock lock) {
      return lock.type() == LockType.DELETE;
    }

    private void add(
        Key userKey, Key encoded, long startTs, byte[] inline, long commitTs, boolean deleted) {
      if (deleted) {
        return;
      }
      byte[] value = keyOnly ? NO_VALUE : inline != null ? inline : longValue(encoded, startTs);
      rows.add(new Row(userKey, value, commitTs, null));
    }

    private byte[] longValue(Key encoded, long startTs) {
      byte[] value = snapshot.get(ColumnFamily.DEFAULT, VersionedKey.append(encoded, startTs));
      if (value == null) {
        throw new IllegalStateException(
            "no value of encoded key " + encoded + " at " + Timestamp.toString(startTs));
      }
      return value;
    }

    private void committed(Key userKey, Key encoded) {
      VersionChoice choice = new VersionChoice(view);
      if (direction == Direction.FORWARD) {
        choose(choice, encoded);
      } else {
        chooseBackward(choice, encoded);
      }
      if (choice.newer != null) {
        rows.add(new Row(userKey, null, 0, newer(userKey, choice)));
      } else if (choice.visible != null && !choice.isFenced()) {
        Write write = choice.visible;
        boolean deleted = write.type() == WriteType.DELETE;
        add(userKey, encoded, write.startTs(), write.shortValue(), choice.visibleTs, deleted);
      }
    }

    private KeyError newer(Key userKey, VersionChoice choice) {
      return new KeyError.WriteConflict(
          userKey,
          Key.EMPTY,
          view.ts(),
          choice.newer.startTs(),
          choice.newerTs,
          ConflictReason.RC_CHECK_TS);
    }

    /** Newest version first: stops at the first that decides. */
    private void choose(VersionChoice choice, Key encoded) {
      if (view.isolation() != Isolation.READ_COMMITTED_CHECK_TS) {
        moveTo(encoded, VersionedKey.append(encoded, view.ts()));
      }
      while (onVersionOf(encoded)) {
        choice.offerOlder(VersionedKey.timestamp(versions.key().unsafeBytes()), versions.value());
        if (choice.isDecided()) {
          break;
        }
        versions.next();
      }
      skipVersions(encoded, true);
    }

    /** Oldest version first: the last one at or below the timestamp wins. */
    private void chooseBackward(VersionChoice choice, Key encoded) {
      while (onVersionOf(encoded)) {
        choice.offerNewer(VersionedKey.timestamp(versions.key().unsafeBytes()), versions.value());
        versions.next();
      }
    }

    /** Leaves the versions of the key behind. */
    private void skipVersions(Key encoded, boolean hasVersions) {
      if (hasVersions) {
        // The byte string after all versions of the key, or before them.
        Key beyond =
            direction == Direction.FORWARD
                ? VersionedKey.append(encoded, 0).next()
                : VersionedKey.append(encoded, Timestamp.MAX);
        moveTo(encoded, beyond);
        if (direction == Direction.BACKWARD && onVersionOf(encoded)) {
          versions.next();
        }
      }
    }

    /** Moves on to {@code target} by steps or a seek; does nothing if already there or beyond. */
    private void moveTo(Key encoded, Key target) {
      for (int steps = 0; onVersionOf(encoded); steps++) {
        if (compare(versions.key(), target) >= 0) {
          return;
        }
        if (steps == NEAR_STEPS) {
          versions.seek(target);
          return;
        }
        versions.next();
      }
    }

    private boolean onVersionOf(Key encoded) {
      return versions.valid() && VersionedKey.isVersionOf(versions.key().unsafeBytes(), encoded);
    }
  }
}
