package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.VersionedKey;
import java.util.List;

/** Which stored keys belong to given user keys. */
public final class EncodedKeys {
  private EncodedKeys() {}

  /** The stored keys of all user keys in {@code range}, locks and versions alike. */
  public static KeyRange range(KeyRange range) {
    return new KeyRange(
        range.start().isEmpty() ? Key.EMPTY : MemComparable.encode(range.start()),
        range.end().isEmpty() ? Key.EMPTY : MemComparable.encode(range.end()));
  }

  /** The versions of one encoded key. */
  public static KeyRange versionsOf(Key encodedKey) {
    return new KeyRange(encodedKey, VersionedKey.append(encodedKey, 0).next());
  }

  /** The smallest range with the versions of all {@code userKeys}; everything if there are none. */
  static KeyRange spanning(List<Key> userKeys) {
    if (userKeys.isEmpty()) {
      return KeyRange.ALL;
    }
    Key first = userKeys.get(0);
    Key last = first;
    for (Key key : userKeys) {
      first = key.compareTo(first) < 0 ? key : first;
      last = key.compareTo(last) > 0 ? key : last;
    }
    Key end = VersionedKey.of(last, 0).next();
    return new KeyRange(MemComparable.encode(first), end);
  }
}
