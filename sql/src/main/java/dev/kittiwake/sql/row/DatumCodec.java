package dev.kittiwake.sql.row;

import dev.kittiwake.proto.key.MemComparable;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/**
 * One value in a key: a flag byte and bytes that sort as the values do; NULL sorts first.
 *
 * <pre>
 * NULL       00
 * integer    03, 8 bytes big-endian, sign flipped       5      → 03 80 00 00 00 00 00 00 05
 * string     01, memcomparable bytes (UTF-8)            "abc"  → 01 61 62 63 00 00 00 00 00 FA
 * double     05, 8 bytes of its bits, flipped
 * decimal    06, see {@link DecimalCodec}
 * date, timestamp   04, 8 bytes packed; time of day   07, 8 bytes of nanoseconds
 * </pre>
 */
public final class DatumCodec {
  static final int NULL = 0;
  static final int BYTES = 1;
  static final int INT = 3;
  static final int UINT = 4;
  static final int DOUBLE = 5;
  static final int DECIMAL = 6;
  static final int DURATION = 7;
  static final long SIGN = Long.MIN_VALUE;

  private DatumCodec() {}

  /** Appends {@code value}, which must be of the engine's class for {@code type}, or null. */
  public static void encode(Object value, StorageType type, KeyWriter out) {
    if (value == null) {
      out.writeByte(NULL);
      return;
    }
    switch (type.kind()) {
      case INTEGER -> out.writeByte(INT).writeLong((Long) value ^ SIGN);
      case BOOLEAN -> out.writeByte(INT).writeLong(((Boolean) value ? 1L : 0L) ^ SIGN);
      case DOUBLE -> out.writeByte(DOUBLE).writeLong(sortableBits((Double) value));
      case DECIMAL -> {
        out.writeByte(DECIMAL);
        DecimalCodec.encode((BigDecimal) value, type.precision(), type.scale(), out);
      }
      case STRING -> encodeBytes(((String) value).getBytes(StandardCharsets.UTF_8), out);
      case BYTES -> encodeBytes((byte[]) value, out);
      case DATE -> out.writeByte(UINT).writeLong(TimeCodec.pack((LocalDate) value));
      case TIMESTAMP -> out.writeByte(UINT).writeLong(TimeCodec.pack((LocalDateTime) value));
      case TIME -> out.writeByte(DURATION).writeLong(TimeCodec.pack((LocalTime) value) ^ SIGN);
    }
  }

  private static void encodeBytes(byte[] raw, KeyWriter out) {
    out.writeByte(BYTES);
    int at = out.reserve(MemComparable.encodedLength(raw.length));
    MemComparable.encodeInto(raw, out.buffer(), at);
  }

  static long sortableBits(double value) {
    // -0.0 and 0.0 are equal in SQL: one key for both
    long bits = Double.doubleToLongBits(value == 0 ? 0.0 : value);
    return bits >= 0 ? bits ^ SIGN : ~bits;
  }

  static double fromSortableBits(long bits) {
    return Double.longBitsToDouble(bits < 0 ? bits ^ SIGN : ~bits);
  }

  /** The length of the datum at {@code offset}, with its flag. */
  public static int lengthAt(byte[] bytes, int offset) {
    return switch (bytes[offset]) {
      case NULL -> 1;
      case INT, UINT, DOUBLE, DURATION -> 9;
      case BYTES -> 1 + MemComparable.lengthOfEncoded(bytes, offset + 1);
      case DECIMAL -> 1 + DecimalCodec.lengthAt(bytes, offset + 1);
      default ->
          throw new IllegalArgumentException(
              "unknown datum flag " + bytes[offset] + " at byte " + offset);
    };
  }

  /** The value of the datum at {@code offset}. */
  public static Object decode(byte[] bytes, int offset, StorageType type) {
    int flag = bytes[offset];
    if (flag == NULL) {
      return null;
    }
    int at = offset + 1;
    return switch (type.kind()) {
      case INTEGER -> KeyWriter.readLong(bytes, at) ^ SIGN;
      case BOOLEAN -> (KeyWriter.readLong(bytes, at) ^ SIGN) != 0;
      case DOUBLE -> fromSortableBits(KeyWriter.readLong(bytes, at));
      case DECIMAL -> DecimalCodec.decode(bytes, at);
      case STRING -> new String(decodeBytes(bytes, at), StandardCharsets.UTF_8);
      case BYTES -> decodeBytes(bytes, at);
      case DATE -> TimeCodec.date(KeyWriter.readLong(bytes, at));
      case TIMESTAMP -> TimeCodec.dateTime(KeyWriter.readLong(bytes, at));
      case TIME -> TimeCodec.time(KeyWriter.readLong(bytes, at) ^ SIGN);
    };
  }

  private static byte[] decodeBytes(byte[] bytes, int at) {
    return MemComparable.decode(bytes, at, MemComparable.lengthOfEncoded(bytes, at));
  }

  /** The integer at {@code offset}; 0 for NULL. */
  static long decodeLong(byte[] bytes, int offset) {
    return bytes[offset] == NULL ? 0 : KeyWriter.readLong(bytes, offset + 1) ^ SIGN;
  }
}
