package dev.kittiwake.kv.raw;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.APIVersion;
import dev.kittiwake.proto.kvrpcpb.Context;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What raw requests say about keys, families and versions, checked. */
final class RawKeys {
  static final int MAX_KEY_BYTES = 8 << 10;

  private RawKeys() {}

  static Key key(ByteString bytes) {
    return Key.wrap(bytes.toByteArray());
  }

  static <T> List<Key> keys(List<T> of, Function<T, ByteString> bytes) {
    return of.stream().map(one -> key(bytes.apply(one))).collect(Collectors.toList());
  }

  /** The family that {@code cf} names; empty means the default one. */
  static Family family(String cf) {
    switch (cf) {
      case "":
      case "default":
        return Family.DEFAULT;
      case "lock":
        return Family.LOCK;
      case "write":
        return Family.WRITE;
      default:
        throw new InvalidRawRequest(
            "invalid column family " + cf + ": expected default, lock or write");
    }
  }

  /**
   * Throws {@link InvalidRawRequest} if the request is not of the API version that this store
   * keeps.
   */
  static void check(Context context, long ttlSeconds) {
    if (context.getApiVersion() != APIVersion.V1) {
      throw new InvalidRawRequest(
          "Api version in request does not match with TiKV storage, request "
              + context.getApiVersion()
              + ", storage V1");
    }
    if (ttlSeconds != 0) {
      throw new InvalidRawRequest(
          "ttl " + ttlSeconds + " given, but this store keeps no expiry times: put without ttl");
    }
  }

  static void checkLength(Key key) {
    if (key.length() > MAX_KEY_BYTES) {
      throw new InvalidRawRequest(
          "key of " + key.length() + " bytes is too long: at most " + MAX_KEY_BYTES);
    }
  }
}
