package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.Cursor;
import dev.kittiwake.txn.mvcc.Direction;
import dev.kittiwake.txn.mvcc.EncodedKeys;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Finds locks in a range of user keys. */
final class LockScan {
  private LockScan() {}

  /**
   * The first {@code limit} locks (0 = all) of {@code range} that {@code wanted} accepts, in key
   * order. Raw data, which may lie in any family, is passed over.
   */
  static List<LockedKey> find(
      Snapshot snapshot, KeyRange range, int limit, Predicate<Lock> wanted) {
    List<LockedKey> found = new ArrayList<>();
    KeyRange stored = EncodedKeys.range(range);
    try (Cursor cursor = snapshot.cursor(ColumnFamily.LOCK, stored, Direction.FORWARD)) {
      boolean more = cursor.seek(stored.start());
      while (more && (limit == 0 || found.size() < limit)) {
        LockedKey locked = parsed(cursor);
        if (locked != null && wanted.test(locked.lock())) {
          found.add(locked);
        }
        more = cursor.next();
      }
    }
    return found;
  }

  /** Null for what is no lock: nobody could clear it, and whoever waits for that waits for ever. */
  private static LockedKey parsed(Cursor cursor) {
    try {
      Lock lock = Lock.parse(cursor.value());
      return new LockedKey(Key.wrap(MemComparable.decode(cursor.key().unsafeBytes())), lock);
    } catch (IllegalArgumentException raw) {
      return null;
    }
  }

  /**
   * What a scan that stopped after {@code found} has not seen of {@code range}; null if nothing.
   */
  static KeyRange rest(KeyRange range, List<LockedKey> found, int limit) {
    return found.size() < limit
        ? null
        : new KeyRange(found.get(found.size() - 1).key().next(), range.end());
  }
}
