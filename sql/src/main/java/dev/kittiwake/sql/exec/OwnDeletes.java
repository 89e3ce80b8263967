package dev.kittiwake.sql.exec;

import dev.kittiwake.proto.key.Key;
import java.util.HashSet;
import java.util.Set;

/**
 * Keys that a transaction has deleted and so may write again, though they existed before it. A key
 * in here is looked at again before it is written: a savepoint may have brought it back.
 */
public final class OwnDeletes {
  private final Set<Key> keys = new HashSet<>();

  void add(Key key) {
    keys.add(key);
  }

  boolean contains(Key key) {
    return keys.contains(key);
  }
}
