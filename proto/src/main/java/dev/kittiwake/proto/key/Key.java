package dev.kittiwake.proto.key;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Immutable bytes in unsigned lexicographic order. The empty key is the smallest.
 *
 * <p>{@link #toString} prints hexadecimal digits: user data must not reach a log by accident in
 * readable form.
 */
public final class Key implements Comparable<Key> {
  public static final Key EMPTY = new Key(new byte[0]);

  private final byte[] bytes;

  private Key(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A key over a copy of {@code bytes}. */
  public static Key copyOf(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Key(bytes.clone());
  }

  /** A key that takes {@code bytes} over: the caller must not change them any more. */
  public static Key wrap(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Key(bytes);
  }

  /** The UTF-8 bytes of {@code text}. */
  public static Key of(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** The bytes themselves, not a copy: for reading only. */
  public byte[] unsafeBytes() {
    return bytes;
  }

  public int length() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  public boolean startsWith(Key prefix) {
    return bytes.length >= prefix.bytes.length
        && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
  }

  /** The smallest key greater than this one: this key followed by a zero byte. */
  public Key next() {
    return new Key(Arrays.copyOf(bytes, bytes.length + 1));
  }

  /**
   * The smallest key greater than every key that starts with this one; empty (= no bound) if there
   * is none.
   */
  public Key prefixEnd() {
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] != (byte) 0xFF) {
        byte[] end = Arrays.copyOf(bytes, i + 1);
        end[i]++;
        return new Key(end);
      }
    }
    return EMPTY;
  }

  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key && Arrays.equals(bytes, ((Key) other).bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
