package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.Cursor;
import dev.kittiwake.txn.mvcc.Direction;
import dev.kittiwake.txn.mvcc.EncodedKeys;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.Write;
import java.util.List;

/**
 * Shows everything stored of the first key in {@code range} (user keys) that the transaction {@code
 * startTs} has locked or else written. Reads the whole range: for people and tests.
 */
public record MvccByStartTs(KeyRange range, long startTs) implements Command<MvccHistory> {
  @Override
  public List<Key> latchKeys() {
    return List.of();
  }

  @Override
  public Outcome<MvccHistory> execute(Snapshot snapshot, CommandContext context) {
    Key encoded = find(snapshot);
    return new Outcome.Answer<>(
        encoded == null ? MvccHistory.NOTHING : MvccByKey.history(snapshot, encoded));
  }

  private Key find(Snapshot snapshot) {
    List<LockedKey> locked = LockScan.find(snapshot, range, 1, lock -> lock.startTs() == startTs);
    if (!locked.isEmpty()) {
      return MemComparable.encode(locked.get(0).key());
    }
    KeyRange stored = EncodedKeys.range(range);
    try (Cursor cursor = snapshot.cursor(ColumnFamily.WRITE, stored, Direction.FORWARD)) {
      for (boolean more = cursor.seek(stored.start()); more; more = cursor.next()) {
        if (Write.parse(cursor.value()).startTs() == startTs) {
          return VersionedKey.encodedUserKey(cursor.key().unsafeBytes());
        }
      }
    }
    return null;
  }
}
