package dev.kittiwake.sql.expr;

import java.math.BigDecimal;
import java.util.Arrays;

/** Comparison of values, the same order that keys have. */
public final class Ordering {
  private Ordering() {}

  /** Compares two values that are not null; numbers of different classes by their value. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public static int compare(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return Long.compare(x, y);
    }
    if (a instanceof String x && b instanceof String y) {
      return compareText(x, y);
    }
    if (a instanceof Number && b instanceof Number) {
      return compareNumbers(a, b);
    }
    if (a instanceof byte[] x && b instanceof byte[] y) {
      return Arrays.compareUnsigned(x, y);
    }
    if (a.getClass() == b.getClass()) {
      return ((Comparable) a).compareTo(b);
    }
    if (a instanceof java.time.LocalDate date && b instanceof java.time.LocalDateTime time) {
      return date.atStartOfDay().compareTo(time);
    }
    if (a instanceof java.time.LocalDateTime time && b instanceof java.time.LocalDate date) {
      return time.compareTo(date.atStartOfDay());
    }
    throw dev.kittiwake.sql.SqlError.of(
        dev.kittiwake.sql.SqlStates.INVALID_CAST,
        "cannot compare " + Values.shown(a) + " with " + Values.shown(b));
  }

  private static int compareNumbers(Object a, Object b) {
    if (a instanceof Double || b instanceof Double) {
      double x = ((Number) a).doubleValue();
      double y = ((Number) b).doubleValue();
      return x == y ? 0 : Double.compare(x, y); // 0.0 equals -0.0
    }
    return Values.toDecimal(a).compareTo(Values.toDecimal(b));
  }

  /** By code points, as UTF-8 bytes order. */
  public static int compareText(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean xPair = Character.isSurrogate(x);
        boolean yPair = Character.isSurrogate(y);
        return xPair == yPair ? x - y : xPair ? 1 : -1; // pairs are above all other characters
      }
    }
    return a.length() - b.length();
  }

  /** A value as the key of a hash table: equal in SQL means equal here. */
  public static Object hashable(Object value) {
    if (value instanceof BigDecimal number) {
      BigDecimal plain = number.stripTrailingZeros();
      return plain.scale() <= 0 && plain.precision() - plain.scale() <= 18
          ? (Object) plain.longValueExact() // whole numbers equal integers
          : plain;
    }
    if (value instanceof byte[] bytes) {
      return java.nio.ByteBuffer.wrap(bytes);
    }
    if (value instanceof Double number && number == 0) {
      return 0.0;
    }
    return value;
  }
}
