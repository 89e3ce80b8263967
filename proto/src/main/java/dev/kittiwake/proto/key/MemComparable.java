package dev.kittiwake.proto.key;

import java.util.Arrays;

/**
 * Order-preserving, self-delimiting encoding of bytes: groups of eight, the last one padded with
 * zeros, each followed by a marker byte {@code 0xFF - padding}. A full last group is followed by an
 * empty one. Length {@code (n / 8 + 1) * 9}.
 *
 * <p>Worked example: {@code "abc"} becomes {@code 61 62 63 00 00 00 00 00 FA}. Thread-safe,
 * stateless.
 */
public final class MemComparable {
  private static final int GROUP = 8;
  private static final int MARKER = 0xFF;

  private MemComparable() {}

  public static int encodedLength(int length) {
    return (length / GROUP + 1) * (GROUP + 1);
  }

  public static byte[] encode(byte[] raw) {
    byte[] target = new byte[encodedLength(raw.length)];
    encodeInto(raw, target, 0);
    return target;
  }

  public static Key encode(Key raw) {
    return Key.wrap(encode(raw.unsafeBytes()));
  }

  /** Writes the encoded form of {@code raw} at {@code offset}; returns the offset behind it. */
  public static int encodeInto(byte[] raw, byte[] target, int offset) {
    int at = offset;
    for (int from = 0; from <= raw.length; from += GROUP) {
      int count = Math.min(GROUP, raw.length - from);
      System.arraycopy(raw, from, target, at, count);
      Arrays.fill(target, at + count, at + GROUP, (byte) 0);
      target[at + GROUP] = (byte) (MARKER - (GROUP - count));
      at += GROUP + 1;
    }
    return at;
  }

  /** The number of bytes that the encoded value at {@code offset} takes. */
  public static int lengthOfEncoded(byte[] encoded, int offset) {
    int at = offset;
    while (true) {
      if (at + GROUP >= encoded.length) {
        throw new IllegalArgumentException("truncated encoded key: " + Key.copyOf(encoded));
      }
      int padding = MARKER - (encoded[at + GROUP] & 0xFF);
      at += GROUP + 1;
      if (padding != 0) {
        return at - offset;
      }
    }
  }

  /**
   * Decodes {@code encoded} as a whole.
   *
   * @throws IllegalArgumentException if it is not a valid encoded value, or bytes follow it
   */
  public static byte[] decode(byte[] encoded) {
    return decode(encoded, 0, encoded.length);
  }

  /**
   * Decodes the bytes {@code [offset, offset + length)}, which must be exactly one encoded value.
   */
  public static byte[] decode(byte[] encoded, int offset, int length) {
    if (length == 0 || length % (GROUP + 1) != 0) {
      throw invalid(encoded, offset, length);
    }
    int groups = length / (GROUP + 1);
    int lastMarker = encoded[offset + length - 1] & 0xFF;
    int padding = MARKER - lastMarker;
    if (padding < 1 || padding > GROUP) {
      throw invalid(encoded, offset, length);
    }
    byte[] raw = new byte[groups * GROUP - padding];
    for (int group = 0; group < groups; group++) {
      int at = offset + group * (GROUP + 1);
      boolean last = group == groups - 1;
      int count = last ? GROUP - padding : GROUP;
      if (!last && (encoded[at + GROUP] & 0xFF) != MARKER) {
        throw invalid(encoded, offset, length);
      }
      System.arraycopy(encoded, at, raw, group * GROUP, count);
      for (int i = count; i < GROUP; i++) {
        if (encoded[at + i] != 0) {
          throw invalid(encoded, offset, length);
        }
      }
    }
    return raw;
  }

  public static Key decode(Key encoded) {
    return Key.wrap(decode(encoded.unsafeBytes()));
  }

  private static IllegalArgumentException invalid(byte[] encoded, int offset, int length) {
    return new IllegalArgumentException(
        "not an encoded key: " + Key.wrap(Arrays.copyOfRange(encoded, offset, offset + length)));
  }
}
