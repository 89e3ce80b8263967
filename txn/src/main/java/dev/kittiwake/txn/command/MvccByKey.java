package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.Cursor;
import dev.kittiwake.txn.mvcc.Direction;
import dev.kittiwake.txn.mvcc.EncodedKeys;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.Version;
import dev.kittiwake.txn.mvcc.Write;
import java.util.ArrayList;
import java.util.List;

/** Shows everything stored of one key, for people and tests. */
public record MvccByKey(Key key) implements Command<MvccHistory> {
  @Override
  public List<Key> latchKeys() {
    return List.of();
  }

  @Override
  public Outcome<MvccHistory> execute(Snapshot snapshot, CommandContext context) {
    return new Outcome.Answer<>(history(snapshot, MemComparable.encode(key)));
  }

  static MvccHistory history(Snapshot snapshot, Key encoded) {
    byte[] lock = snapshot.get(ColumnFamily.LOCK, encoded);
    KeyRange versions = EncodedKeys.versionsOf(encoded);
    List<Version> writes = new ArrayList<>();
    try (Cursor cursor = snapshot.cursor(ColumnFamily.WRITE, versions, Direction.FORWARD)) {
      for (boolean more = cursor.seek(versions.start()); more; more = cursor.next()) {
        long commitTs = VersionedKey.timestamp(cursor.key().unsafeBytes());
        writes.add(new Version(commitTs, Write.parse(cursor.value())));
      }
    }
    List<MvccHistory.StoredValue> values = new ArrayList<>();
    try (Cursor cursor = snapshot.cursor(ColumnFamily.DEFAULT, versions, Direction.FORWARD)) {
      for (boolean more = cursor.seek(versions.start()); more; more = cursor.next()) {
        long startTs = VersionedKey.timestamp(cursor.key().unsafeBytes());
        values.add(new MvccHistory.StoredValue(startTs, cursor.value()));
      }
    }
    Key userKey = Key.wrap(MemComparable.decode(encoded.unsafeBytes()));
    return new MvccHistory(userKey, lock == null ? null : Lock.parse(lock), writes, values);
  }
}
