package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;
import java.util.Arrays;

/** Reads the number and byte formats of lock and write records; corrupt bytes stop the replica. */
final class RecordInput {
  private final byte[] bytes;
  private int at;

  RecordInput(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean hasMore() {
    return at < bytes.length;
  }

  byte u8() {
    need(1);
    return bytes[at++];
  }

  long u64() {
    need(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | bytes[at++] & 0xFF;
    }
    return value;
  }

  long varU64() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = u8();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw corrupt("varint longer than ten bytes");
  }

  int count() {
    long count = varU64();
    if (count < 0 || count > bytes.length) {
      throw corrupt("impossible count " + Long.toUnsignedString(count));
    }
    return (int) count;
  }

  Key compact() {
    long zigzag = varU64();
    long length = zigzag >>> 1 ^ -(zigzag & 1);
    if (length < 0 || length > bytes.length - at) {
      throw corrupt("impossible length " + length);
    }
    return Key.wrap(raw((int) length));
  }

  byte[] raw(int length) {
    need(length);
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  private void need(int length) {
    if (length > bytes.length - at) {
      throw corrupt("needs " + length + " more bytes");
    }
  }

  private IllegalArgumentException corrupt(String why) {
    return new IllegalArgumentException(
        "corrupt record, " + why + " at offset " + at + " of " + Key.wrap(bytes));
  }
}
