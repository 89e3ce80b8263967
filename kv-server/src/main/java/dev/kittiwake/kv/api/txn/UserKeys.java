package dev.kittiwake.kv.api.txn;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import java.util.ArrayList;
import java.util.List;

/** Between the user keys of requests and the stored (encoded) keys that bound regions. */
final class UserKeys {
  private UserKeys() {}

  static Key key(ByteString bytes) {
    return Key.wrap(bytes.toByteArray());
  }

  static List<Key> keys(List<ByteString> bytes) {
    List<Key> keys = new ArrayList<>(bytes.size());
    for (ByteString one : bytes) {
      keys.add(key(one));
    }
    return keys;
  }

  static List<Key> stored(List<Key> userKeys) {
    List<Key> stored = new ArrayList<>(userKeys.size());
    for (Key key : userKeys) {
      stored.add(MemComparable.encode(key));
    }
    return stored;
  }

  static List<Key> stored(Key userKey) {
    return List.of(MemComparable.encode(userKey));
  }

  /**
   * The user keys of a region: its bounds decoded; a bound that is no encoded key leaves that side
   * open.
   */
  static KeyRange userRange(KeyRange stored) {
    return new KeyRange(decodeOrEmpty(stored.start()), decodeOrEmpty(stored.end()));
  }

  private static Key decodeOrEmpty(Key bound) {
    if (bound.isEmpty()) {
      return Key.EMPTY;
    }
    try {
      return MemComparable.decode(bound);
    } catch (IllegalArgumentException notEncoded) {
      return Key
          .EMPTY; // a bound made by raw splits; no transactional key lies beyond it in this region
    }
  }

  static ByteString bytes(Key key) {
    return UnsafeByteOperations.unsafeWrap(key.unsafeBytes());
  }

  static ByteString bytes(byte[] value) {
    return UnsafeByteOperations.unsafeWrap(value);
  }

  static long[] timestamps(List<Long> list) {
    long[] array = new long[list.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = list.get(i);
    }
    return array;
  }
}
