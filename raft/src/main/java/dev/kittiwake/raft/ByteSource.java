package dev.kittiwake.raft;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads what {@link ByteSink} wrote. Every fault is an {@link IllegalArgumentException}; no length
 * is believed unseen.
 */
final class ByteSource {
  private final byte[] bytes;
  private int at;

  ByteSource(byte[] bytes) {
    this.bytes = bytes;
  }

  void format(int expected, String what) {
    int found = octet();
    if (found != expected) {
      throw new IllegalArgumentException(
          "unknown format " + found + " of a " + what + ", this version reads " + expected);
    }
  }

  int octet() {
    if (at >= bytes.length) {
      throw new IllegalArgumentException("cut short after " + bytes.length + " bytes");
    }
    return bytes[at++] & 0xFF;
  }

  boolean flag() {
    int value = octet();
    if (value > 1) {
      throw new IllegalArgumentException("not a flag at byte " + (at - 1) + ": " + value);
    }
    return value == 1;
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int octet = octet();
      value |= (long) (octet & 0x7F) << shift;
      if (octet < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("number too long at byte " + at);
  }

  /**
   * A count of things that take at least {@code minBytes} each, so that a wrong count cannot ask
   * for much memory.
   */
  int count(int minBytes) {
    long count = number();
    if (count < 0 || count > (bytes.length - at) / minBytes) {
      throw new IllegalArgumentException(
          "count " + count + " at byte " + at + " exceeds the message");
    }
    return (int) count;
  }

  SortedSet<Long> numbers() {
    int count = count(1);
    SortedSet<Long> values = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      values.add(number());
    }
    return values;
  }

  LogPosition position() {
    return new LogPosition(number(), number());
  }

  byte[] bytes() {
    int length = count(1);
    byte[] value = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return value;
  }

  void end() {
    if (at != bytes.length) {
      throw new IllegalArgumentException((bytes.length - at) + " bytes too many at byte " + at);
    }
  }
}
