package dev.kittiwake.kv.txn;

import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.RegionSnapshot;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.Cursor;
import dev.kittiwake.txn.mvcc.Direction;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.NavigableMap;

/** A region's snapshot as transaction commands and readers see it. Confined to one thread. */
public final class SnapshotView implements Snapshot {
  private static final UnreplicatedLocks NONE = new UnreplicatedLocks(0);

  private final RegionSnapshot region;
  private final RegionView view;
  private final UnreplicatedLocks locks;

  /** The stored data only: what snapshot reads need, which pessimistic locks do not concern. */
  public SnapshotView(RegionSnapshot region) {
    this(region, region.view(), NONE);
  }

  /** The stored data, and the locks that only the leader of {@code view} knows. */
  SnapshotView(RegionSnapshot region, RegionView view, UnreplicatedLocks locks) {
    this.region = region;
    this.view = view;
    this.locks = locks;
  }

  @Override
  public byte[] get(ColumnFamily family, Key storedKey) {
    byte[] unreplicated = family == ColumnFamily.LOCK ? locks.find(view, storedKey) : null;
    return unreplicated != null ? unreplicated : region.get(engineFamily(family), storedKey);
  }

  @Override
  public Cursor cursor(ColumnFamily family, KeyRange range, Direction direction) {
    EngineCursor cursor = region.cursor(engineFamily(family), range);
    Cursor stored = direction == Direction.FORWARD ? new Forward(cursor) : new Backward(cursor);
    if (family != ColumnFamily.LOCK) {
      return stored;
    }
    NavigableMap<Key, byte[]> unreplicated = locks.within(view, range);
    return unreplicated.isEmpty() ? stored : new LockOverlayCursor(stored, unreplicated, direction);
  }

  /** The engine's family that holds {@code family}. */
  static Family engineFamily(ColumnFamily family) {
    switch (family) {
      case LOCK:
        return Family.LOCK;
      case WRITE:
        return Family.WRITE;
      default:
        return Family.DEFAULT;
    }
  }

  private record Forward(EngineCursor cursor) implements Cursor {
    @Override
    public boolean seek(Key key) {
      return cursor.seek(key.unsafeBytes());
    }

    @Override
    public boolean next() {
      return cursor.next();
    }

    @Override
    public boolean valid() {
      return cursor.valid();
    }

    @Override
    public Key key() {
      return Key.wrap(cursor.key());
    }

    @Override
    public byte[] value() {
      return cursor.value();
    }

    @Override
    public void close() {
      cursor.close();
    }
  }

  private record Backward(EngineCursor cursor) implements Cursor {
    @Override
    public boolean seek(Key key) {
      // No key means no bound: where a backward scan of the last region begins.
      return key.isEmpty() ? cursor.seekToLast() : cursor.seekForPrev(key.unsafeBytes());
    }

    @Override
    public boolean next() {
      return cursor.prev();
    }

    @Override
    public boolean valid() {
      return cursor.valid();
    }

    @Override
    public Key key() {
      return Key.wrap(cursor.key());
    }

    @Override
    public byte[] value() {
      return cursor.value();
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
