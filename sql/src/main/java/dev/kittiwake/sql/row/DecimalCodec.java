package dev.kittiwake.sql.row;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Decimals in MySQL's packed form, as TiDB stores them: a byte of precision, a byte of scale, then
 * digits in groups of nine (4 bytes each, big-endian), counted from the point, with a shorter group
 * at either end. Negative numbers are complemented, then the first bit is flipped: numbers of one
 * precision and scale sort as bytes.
 *
 * <p>Worked example: 1234567890.1234 as DECIMAL(14,4) is {@code 0E 04 81 0D FB 38 D2 04 D2}.
 */
final class DecimalCodec {
  private static final int GROUP = 9;
  private static final int[] BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4}; // by digits
  private static final long[] POWER = powers();

  private DecimalCodec() {}

  private static long[] powers() {
    long[] powers = new long[19];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }

  static int encodedLength(int precision, int scale) {
    int whole = precision - scale;
    return 2 + whole / GROUP * 4 + BYTES[whole % GROUP] + scale / GROUP * 4 + BYTES[scale % GROUP];
  }

  static int lengthAt(byte[] bytes, int offset) {
    return encodedLength(bytes[offset] & 0xFF, bytes[offset + 1] & 0xFF);
  }

  /**
   * @throws IllegalArgumentException if the value has more digits than the type holds
   */
  static void encode(BigDecimal value, int precision, int scale, KeyWriter out) {
    BigDecimal scaled = value.scale() == scale ? value : value.setScale(scale);
    if (scaled.precision() > precision) {
      throw new IllegalArgumentException(value + " has more than " + precision + " digits");
    }
    out.writeByte(precision).writeByte(scale);
    int length = encodedLength(precision, scale) - 2;
    int at = out.reserve(length);
    byte[] bytes = out.buffer();
    boolean negative = scaled.signum() < 0;
    if (precision <= 18) {
      long unscaled = Math.abs(scaled.unscaledValue().longValue());
      long wholePart = unscaled / POWER[scale];
      putWhole(bytes, at, precision - scale, wholePart);
      putFraction(bytes, at + length - fractionBytes(scale), scale, unscaled % POWER[scale]);
    } else {
      encodeLong(scaled.unscaledValue().abs(), precision, scale, bytes, at, length);
    }
    if (negative) {
      for (int i = at; i < at + length; i++) {
        bytes[i] = (byte) ~bytes[i];
      }
    }
    bytes[at] ^= (byte) 0x80;
  }

  private static int fractionBytes(int scale) {
    return scale / GROUP * 4 + BYTES[scale % GROUP];
  }

  private static void putWhole(byte[] bytes, int at, int digits, long value) {
    int first = digits % GROUP;
    int groups = digits / GROUP;
    long high = groups == 2 ? value / POWER[18] : groups == 1 ? value / POWER[9] : value;
    putNumber(bytes, at, BYTES[first], high);
    int next = at + BYTES[first];
    for (int group = groups - 1; group >= 0; group--) {
      putNumber(bytes, next, 4, value / POWER[group * GROUP] % POWER[GROUP]);
      next += 4;
    }
  }

  private static void putFraction(byte[] bytes, int at, int digits, long value) {
    int last = digits % GROUP;
    int groups = digits / GROUP;
    int next = at;
    for (int group = groups - 1; group >= 0; group--) {
      putNumber(bytes, next, 4, value / POWER[group * GROUP + last] % POWER[GROUP]);
      next += 4;
    }
    putNumber(bytes, next, BYTES[last], value % POWER[last]);
  }

  private static void putNumber(byte[] bytes, int at, int count, long value) {
    for (int i = count - 1; i >= 0; i--) {
      bytes[at + count - 1 - i] = (byte) (value >> (8 * i));
    }
  }

  /** The general way: by decimal digits as text. */
  private static void encodeLong(
      BigInteger unscaled, int precision, int scale, byte[] bytes, int at, int length) {
    String digits = unscaled.toString();
    String text = "0".repeat(precision - digits.length()) + digits;
    int whole = precision - scale;
    int next = at;
    for (int from = 0; from < precision; ) {
      int count = groupAt(from, whole, scale);
      putNumber(bytes, next, BYTES[count], Long.parseLong(text, from, from + count, 10));
      next += BYTES[count];
      from += count;
    }
    if (next != at + length) {
      throw new IllegalStateException("decimal groups do not add up: " + precision + "," + scale);
    }
  }

  /** Digits in the group that begins at digit {@code from}. */
  private static int groupAt(int from, int whole, int scale) {
    if (from < whole) {
      return from == 0 && whole % GROUP != 0 ? whole % GROUP : GROUP;
    }
    return Math.min(GROUP, whole + scale - from);
  }

  static BigDecimal decode(byte[] bytes, int offset) {
    int precision = bytes[offset] & 0xFF;
    int scale = bytes[offset + 1] & 0xFF;
    int whole = precision - scale;
    int at = offset + 2;
    boolean negative = (bytes[at] & 0x80) == 0;
    int flip = negative ? 0xFF : 0;
    int first = 0x80;
    if (precision <= 18) {
      long unscaled = 0;
      for (int from = 0; from < precision; ) {
        int count = groupAt(from, whole, scale);
        unscaled = unscaled * POWER[count] + number(bytes, at, BYTES[count], flip, first);
        first = 0;
        at += BYTES[count];
        from += count;
      }
      return BigDecimal.valueOf(negative ? -unscaled : unscaled, scale);
    }
    BigInteger unscaled = BigInteger.ZERO;
    for (int from = 0; from < precision; ) {
      int count = groupAt(from, whole, scale);
      long group = number(bytes, at, BYTES[count], flip, first);
      unscaled = unscaled.multiply(BigInteger.valueOf(POWER[count])).add(BigInteger.valueOf(group));
      first = 0;
      at += BYTES[count];
      from += count;
    }
    return new BigDecimal(negative ? unscaled.negate() : unscaled, scale);
  }

  private static long number(byte[] bytes, int at, int count, int flip, int first) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      int b = (bytes[at + i] & 0xFF) ^ (i == 0 ? first : 0) ^ flip;
      value = value << 8 | b;
    }
    return value;
  }
}
