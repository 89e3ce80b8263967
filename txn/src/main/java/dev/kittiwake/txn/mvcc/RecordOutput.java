package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;
import java.util.Arrays;

/** Appends the number and byte formats of lock and write records to a growing array. */
final class RecordOutput {
  private byte[] bytes;
  private int length;

  RecordOutput(int expectedBytes) {
    bytes = new byte[expectedBytes];
  }

  RecordOutput u8(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
    return this;
  }

  /** Big-endian. */
  RecordOutput u64(long value) {
    ensure(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
    return this;
  }

  /** LEB128, unsigned: seven bits a byte, lowest first. */
  RecordOutput varU64(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  /** The length as a zig-zag varint, then the bytes. */
  RecordOutput compact(Key key) {
    varU64((long) key.length() << 1);
    return raw(key.unsafeBytes());
  }

  RecordOutput raw(byte[] source) {
    ensure(source.length);
    System.arraycopy(source, 0, bytes, length, source.length);
    length += source.length;
    return this;
  }

  byte[] toBytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
