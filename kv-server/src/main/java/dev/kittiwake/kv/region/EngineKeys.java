package dev.kittiwake.kv.region;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import java.nio.ByteBuffer;

/**
 * Where things lie in the engine. User data: {@code 'z' ‖ stored key}. The store's own records lie
 * in the raft family: {@code 0x01 0x01} the store's identity, {@code 0x01 0x02} the prepared first
 * region, {@code 0x01 0x03 ‖ region id (8 bytes, big endian)} the state of a region, {@code 0x01
 * 0x04 ‖ region id} the position it has applied, {@code 0x01 0x05} up to where versions may be
 * collected.
 */
final class EngineKeys {
  static final byte DATA = 'z';
  static final byte[] DATA_START = {DATA};
  static final byte[] DATA_END = {DATA + 1};
  static final byte[] STORE_IDENT = {1, 1};
  static final byte[] PREPARED_BOOTSTRAP = {1, 2};
  static final byte[] REGION_STATES = {1, 3};
  static final byte[] REGION_STATES_END = {1, 4};
  static final byte[] APPLIED = {1, 4};
  static final byte[] COLLECTED = {1, 5};

  private EngineKeys() {}

  static byte[] data(Key storedKey) {
    return data(storedKey.unsafeBytes());
  }

  static byte[] data(byte[] storedKey) {
    byte[] key = new byte[storedKey.length + 1];
    key[0] = DATA;
    System.arraycopy(storedKey, 0, key, 1, storedKey.length);
    return key;
  }

  /** The first engine key behind the range. */
  static byte[] dataEnd(KeyRange range) {
    return range.end().isEmpty() ? DATA_END : data(range.end());
  }

  static byte[] dataStart(KeyRange range) {
    return data(range.start());
  }

  static byte[] applied(long regionId) {
    return ByteBuffer.allocate(10).put(APPLIED).putLong(regionId).array();
  }

  static byte[] regionState(long regionId) {
    return ByteBuffer.allocate(10).put(REGION_STATES).putLong(regionId).array();
  }
}
