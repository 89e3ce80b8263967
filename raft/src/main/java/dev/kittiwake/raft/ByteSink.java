package dev.kittiwake.raft;

import java.util.Arrays;
import java.util.SortedSet;

/**
 * Growing bytes: octets, numbers of 7 bits an octet (low bits first), byte strings with their
 * length.
 */
final class ByteSink {
  private byte[] bytes;
  private int size;

  ByteSink(int expectedBytes) {
    bytes = new byte[Math.max(16, expectedBytes)];
  }

  ByteSink octet(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  ByteSink flag(boolean value) {
    return octet(value ? 1 : 0);
  }

  /** Any long; small ones that are not negative are short. */
  ByteSink number(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  ByteSink numbers(SortedSet<Long> values) {
    number(values.size());
    for (long value : values) {
      number(value);
    }
    return this;
  }

  ByteSink position(LogPosition position) {
    return number(position.index()).number(position.term());
  }

  ByteSink bytes(byte[] value) {
    number(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  byte[] toBytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes =
          Arrays.copyOf(
              bytes, Math.max(Math.addExact(size, more), bytes.length + (bytes.length >> 1)));
    }
  }
}
