package dev.kittiwake.sql.expr;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.SqlType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Locale;

/** Conversions between value classes: from and to users, and CAST. */
public final class Values {
  private Values() {}

  /**
   * A value in the class of the SPI's list for its type: {@code Integer} for INT and so on; for
   * results.
   */
  public static Object toUser(Object value, SqlType type) {
    if (value == null) {
      return null;
    }
    return switch (type.kind()) {
      case INT -> ((Long) value).intValue();
      case SMALLINT -> ((Long) value).shortValue();
      case TINYINT -> ((Long) value).byteValue();
      case FLOAT -> ((Double) value).floatValue();
      case DECIMAL -> {
        BigDecimal number = toDecimal(value);
        yield number.scale() == type.scale()
            ? number
            : number.setScale(type.scale(), RoundingMode.HALF_UP);
      }
      default -> value;
    };
  }

  /**
   * A user's parameter as the engine's value for {@code type}. Lengths are not cut, ranges are
   * checked.
   *
   * @throws SqlError 22003, 22007, 22018
   */
  public static Object fromUser(Object value, SqlType type) {
    Object plain = plain(value);
    return plain == null ? null : cast(plain, type, false);
  }

  /** Any Java class a user may hand in, as one of the engine's classes. */
  static Object plain(Object value) {
    if (value == null || value instanceof String || value instanceof Long) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float number) {
      return Double.parseDouble(number.toString()); // 0.1f means 0.1
    }
    if (value instanceof java.math.BigInteger number) {
      return new BigDecimal(number);
    }
    if (value instanceof java.sql.Timestamp time) {
      return time.toLocalDateTime();
    }
    if (value instanceof java.sql.Date date) {
      return date.toLocalDate();
    }
    if (value instanceof java.sql.Time time) {
      return time.toLocalTime();
    }
    if (value instanceof Character character) {
      return character.toString();
    }
    if (value instanceof BigDecimal
        || value instanceof Double
        || value instanceof Boolean
        || value instanceof byte[]
        || value instanceof LocalDate
        || value instanceof LocalTime
        || value instanceof LocalDateTime) {
      return value;
    }
    throw SqlError.of(
        SqlStates.INVALID_PARAMETER,
        "a parameter of class " + value.getClass().getName() + " is not supported");
  }

  /**
   * CAST.
   *
   * @param cut whether strings are cut and padded to the type's length, as an explicit CAST does
   * @throws SqlError 22003, 22007, 22018
   */
  public static Object cast(Object value, SqlType type, boolean cut) {
    if (value == null) {
      return null;
    }
    return switch (type.kind()) {
      case TINYINT, SMALLINT, INT, BIGINT -> checkRange(toLong(value, type), type.kind());
      case FLOAT -> {
        double number = toDouble(value);
        if (Double.isFinite(number) && Math.abs(number) > Float.MAX_VALUE) {
          throw outOfRange(value, type);
        }
        yield (double) (float) number;
      }
      case DOUBLE -> toDouble(value);
      case DECIMAL -> toDecimal(value, type);
      case CHAR, VARCHAR, TEXT -> toText(value, type, cut);
      case BINARY, VARBINARY, BLOB -> toBytes(value, type, cut);
      case BOOLEAN -> toBoolean(value);
      case DATE -> toDate(value);
      case TIME -> truncate(toTime(value), type.precision());
      case TIMESTAMP -> truncate(toTimestamp(value), type.precision());
      case NULL -> value;
    };
  }

  static SqlError outOfRange(Object value, SqlType type) {
    return SqlError.of(
        SqlStates.NUMBER_OUT_OF_RANGE, "value " + shown(value) + " is out of range for " + type);
  }

  /** A value in a message: short. */
  public static String shown(Object value) {
    if (value == null) {
      return "NULL";
    }
    if (value instanceof byte[] bytes) {
      return bytes.length + " bytes";
    }
    String text = value instanceof BigDecimal number ? number.toPlainString() : value.toString();
    String kept = text.length() > 60 ? text.substring(0, 57) + "..." : text;
    return value instanceof Number || value instanceof Boolean ? kept : "'" + kept + "'";
  }

  /** The value if it fits the integer type. */
  static long checkRange(long value, SqlType.Kind kind) {
    boolean fits =
        switch (kind) {
          case TINYINT -> value == (byte) value;
          case SMALLINT -> value == (short) value;
          case INT -> value == (int) value;
          default -> true;
        };
    if (!fits) {
      throw outOfRange(value, SqlType.of(kind));
    }
    return value;
  }

  private static long toLong(Object value, SqlType type) {
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    BigDecimal number = value instanceof Double d && !Double.isFinite(d) ? null : toDecimal(value);
    if (number == null) {
      throw outOfRange(value, type);
    }
    BigDecimal rounded = number.setScale(0, RoundingMode.HALF_UP);
    if (rounded.precision() > 19) {
      throw outOfRange(value, type);
    }
    try {
      return rounded.longValueExact();
    } catch (ArithmeticException e) {
      throw outOfRange(value, type);
    }
  }

  public static double toDouble(Object value) {
    if (value instanceof Double number) {
      return number;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    try {
      return Double.parseDouble(text(value, "DOUBLE").strip());
    } catch (NumberFormatException e) {
      throw invalid(value, "a number");
    }
  }

  public static BigDecimal toDecimal(Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof Long number) {
      return BigDecimal.valueOf(number);
    }
    if (value instanceof Double number) {
      if (!Double.isFinite(number)) {
        throw SqlError.of(SqlStates.NUMBER_OUT_OF_RANGE, "value " + number + " is not a DECIMAL");
      }
      return BigDecimal.valueOf(number);
    }
    if (value instanceof Boolean truth) {
      return truth ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    String text = text(value, "DECIMAL").strip();
    try {
      // 1e999999999 would take ages to write out
      BigDecimal number = new BigDecimal(text);
      if (Math.abs((long) number.precision() - number.scale()) > 400) {
        throw SqlError.of(
            SqlStates.NUMBER_OUT_OF_RANGE, "value " + shown(text) + " is out of range");
      }
      return number;
    } catch (NumberFormatException e) {
      throw invalid(value, "a number");
    }
  }

  /** Rounded to the type's scale; 22003 if it then has too many digits. */
  static BigDecimal toDecimal(Object value, SqlType type) {
    BigDecimal number = toDecimal(value);
    BigDecimal scaled =
        number.scale() == type.scale()
            ? number
            : number.setScale(type.scale(), RoundingMode.HALF_UP);
    if (scaled.precision() > type.precision()) {
      throw outOfRange(value, type);
    }
    return scaled;
  }

  private static String toText(Object value, SqlType type, boolean cut) {
    String text = asText(value);
    boolean blanks = type.kind() == SqlType.Kind.CHAR;
    if (cut && type.precision() > 0 && text.codePointCount(0, text.length()) > type.precision()) {
      text = text.substring(0, text.offsetByCodePoints(0, type.precision()));
    }
    return blanks ? trimBlanks(text) : text;
  }

  /** A value as CAST to VARCHAR writes it. */
  public static String asText(Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Boolean truth) {
      return truth ? "TRUE" : "FALSE";
    }
    if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (value instanceof LocalDateTime time) {
      return time.toLocalDate() + " " + timeText(time.toLocalTime());
    }
    if (value instanceof LocalTime time) {
      return timeText(time);
    }
    return value.toString();
  }

  private static String timeText(LocalTime time) {
    String text =
        String.format(
            Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
    if (time.getNano() == 0) {
      return text;
    }
    String fraction = String.format(Locale.ROOT, "%09d", time.getNano());
    int end = fraction.length();
    while (fraction.charAt(end - 1) == '0') {
      end--;
    }
    return text + "." + fraction.substring(0, end);
  }

  /** Without blanks at the end: what a CHAR value is. */
  public static String trimBlanks(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return end == text.length() ? text : text.substring(0, end);
  }

  private static byte[] toBytes(Object value, SqlType type, boolean cut) {
    byte[] bytes =
        value instanceof byte[] raw ? raw : asText(value).getBytes(StandardCharsets.UTF_8);
    return cut && type.precision() > 0 && bytes.length > type.precision()
        ? java.util.Arrays.copyOf(bytes, type.precision())
        : bytes;
  }

  private static Boolean toBoolean(Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }
    if (value instanceof Number number) {
      return toDecimal(number).signum() != 0;
    }
    return switch (text(value, "BOOLEAN").strip().toLowerCase(Locale.ROOT)) {
      case "true", "t", "1", "yes", "on" -> true;
      case "false", "f", "0", "no", "off" -> false;
      default -> throw invalid(value, "a BOOLEAN");
    };
  }

  private static LocalDate toDate(Object value) {
    if (value instanceof LocalDate date) {
      return checkYear(date);
    }
    if (value instanceof LocalDateTime time) {
      return checkYear(time.toLocalDate());
    }
    String text = text(value, "DATE").strip();
    try {
      return checkYear(
          text.length() > 10 ? toTimestamp(text).toLocalDate() : LocalDate.parse(text));
    } catch (DateTimeException e) {
      throw invalidTime(value, "DATE, such as '2024-05-17'");
    }
  }

  private static LocalDate checkYear(LocalDate date) {
    if (date.getYear() < 0 || date.getYear() > 9999) {
      throw SqlError.of(
          SqlStates.INVALID_DATETIME, "date " + date + " is outside of the years 0 to 9999");
    }
    return date;
  }

  private static LocalTime toTime(Object value) {
    if (value instanceof LocalTime time) {
      return time;
    }
    if (value instanceof LocalDateTime time) {
      return time.toLocalTime();
    }
    try {
      return LocalTime.parse(text(value, "TIME").strip());
    } catch (DateTimeException e) {
      throw invalidTime(value, "TIME, such as '13:45:00'");
    }
  }

  private static LocalDateTime toTimestamp(Object value) {
    if (value instanceof LocalDateTime time) {
      checkYear(time.toLocalDate());
      return time;
    }
    if (value instanceof LocalDate date) {
      return checkYear(date).atStartOfDay();
    }
    String text = text(value, "TIMESTAMP").strip();
    try {
      return text.length() <= 10
          ? checkYear(LocalDate.parse(text)).atStartOfDay()
          : toTimestamp(LocalDateTime.parse(text.substring(0, 10) + "T" + text.substring(11)));
    } catch (DateTimeException e) {
      throw invalidTime(value, "TIMESTAMP, such as '2024-05-17 13:45:00'");
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Temporal> T truncate(T time, int fractionDigits) {
    int nanos = time.get(ChronoField.NANO_OF_SECOND);
    // storage holds microseconds; a type without digits given keeps them all
    int unit = 1;
    for (int i = fractionDigits <= 0 ? 6 : Math.min(fractionDigits, 6); i < 9; i++) {
      unit *= 10;
    }
    return nanos % unit == 0
        ? time
        : (T) time.with(ChronoField.NANO_OF_SECOND, nanos - nanos % unit);
  }

  private static String text(Object value, String target) {
    if (value instanceof String text) {
      return text;
    }
    throw SqlError.of(SqlStates.INVALID_CAST, "cannot take " + shown(value) + " as " + target);
  }

  private static SqlError invalid(Object value, String what) {
    return SqlError.of(SqlStates.INVALID_CAST, shown(value) + " is not " + what);
  }

  private static SqlError invalidTime(Object value, String what) {
    return SqlError.of(SqlStates.INVALID_DATETIME, shown(value) + " is not a " + what);
  }
}
