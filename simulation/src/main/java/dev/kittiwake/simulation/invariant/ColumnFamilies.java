package dev.kittiwake.simulation.invariant;

import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.simulation.world.World;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Locks, writes and values fit together: a commit is later than its start; a transaction commits a
 * key once, and not after its rollback; a lock is not of a transaction that has ended on its key; a
 * write's long value is there.
 */
final class ColumnFamilies {
  private static final byte[] FROM = {'z'};
  private static final byte[] TO = {'z' + 1};

  private final World world;
  private final String where;

  ColumnFamilies(World world, String where) {
    this.world = world;
    this.where = where;
  }

  void check(EngineSnapshot snapshot) {
    Map<Key, Map<Long, Boolean>> ended = new HashMap<>(); // key → start → committed
    try (EngineCursor cursor = snapshot.cursor(Family.WRITE, FROM, TO)) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        byte[] stored = Arrays.copyOfRange(cursor.key(), 1, cursor.key().length);
        checkWrite(snapshot, ended, stored, Write.parse(cursor.value()));
      }
    }
    try (EngineCursor cursor = snapshot.cursor(Family.LOCK, FROM, TO)) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        Key key = Key.wrap(Arrays.copyOfRange(cursor.key(), 1, cursor.key().length));
        Lock lock = Lock.parse(cursor.value());
        Boolean committed = ended.getOrDefault(key, Map.of()).get(lock.startTs());
        if (committed != null && committed) {
          violate("key " + key + " is locked by " + lock.startTs() + ", which has committed it");
        }
      }
    }
  }

  private void checkWrite(
      EngineSnapshot snapshot, Map<Key, Map<Long, Boolean>> ended, byte[] stored, Write write) {
    Key key = VersionedKey.encodedUserKey(stored);
    long commitTs = VersionedKey.timestamp(stored);
    boolean committed = write.type() != WriteType.ROLLBACK;
    if (committed && Long.compareUnsigned(commitTs, write.startTs()) < 0) {
      violate("key " + key + " was committed at " + commitTs + " before " + write.startTs());
    }
    Boolean other =
        ended.computeIfAbsent(key, k -> new HashMap<>()).put(write.startTs(), committed);
    if (other != null) {
      violate("transaction " + write.startTs() + " has ended twice on key " + key);
    }
    if (write.type() == WriteType.PUT && write.shortValue() == null) {
      byte[] value = VersionedKey.append(key, write.startTs()).toBytes();
      byte[] engineKey = new byte[value.length + 1];
      engineKey[0] = 'z';
      System.arraycopy(value, 0, engineKey, 1, value.length);
      if (snapshot.get(Family.DEFAULT, engineKey) == null) {
        violate("key " + key + " has no value for its write of " + write.startTs());
      }
    }
  }

  private void violate(String detail) {
    world.violate("column families", where + ": " + detail, null);
  }
}
