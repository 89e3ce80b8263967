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
   * order.
   */
  static List<LockedKey> find(
      Snapshot snapshot, KeyRange range, int limit, Predicate<Lock> wanted) {
    List<LockedKey> found = new ArrayList<>();
    KeyRange stored = EncodedKeys.range(range);
    try (Cursor cursor = snapshot.cursor(ColumnFamily.LOCK, stored, Direction.FORWARD)) {
      boolean more = cursor.seek(stored.start());
      while (more && (limit == 0 || found.size() < limit)) {
        Lock lock = Lock.parse(cursor.value());
        if (wanted.test(lock)) {
          Key key = Key.wrap(MemComparable.decode(cursor.key().unsafeBytes()));
          found.add(new LockedKey(key, lock));
        }
        more = cursor.next();
      }
    }
    return found;
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
