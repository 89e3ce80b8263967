package dev.kittiwake.jdbc;

import dev.kittiwake.sql.SqlStates;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/**
 * From the session's values to what a {@code getX} asks for. Pure but for the JVM's time zone: a
 * TIMESTAMP has none, and {@code java.sql} means the JVM's. None of the methods takes null. {@code
 * place} names the column in messages.
 */
final class Conversions {
  private Conversions() {}

  static boolean toBoolean(Object value, String place) throws SQLException {
    if (value instanceof Boolean bool) {
      return bool;
    }
    if (value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    if (value instanceof String text) {
      switch (text.trim().toLowerCase(Locale.ROOT)) {
        case "true", "t", "1", "yes", "y", "on" -> {
          return true;
        }
        case "false", "f", "0", "no", "n", "off" -> {
          return false;
        }
        default -> throw wrong(value, place, "a boolean");
      }
    }
    throw wrong(value, place, "a boolean");
  }

  /** A whole number of at least {@code least} and at most {@code most}; fractions are cut off. */
  static long toLong(Object value, long least, long most, String place) throws SQLException {
    long number;
    if (value instanceof Long || value instanceof Integer) {
      number = ((Number) value).longValue();
    } else {
      number = wholeNumber(value, place);
    }
    if (number < least || number > most) {
      throw outOfRange(value, place, least, most);
    }
    return number;
  }

  private static long wholeNumber(Object value, String place) throws SQLException {
    if (value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    BigDecimal decimal = toDecimal(value, place).setScale(0, RoundingMode.DOWN);
    if (decimal.precision() > 19
        || decimal.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0
        || decimal.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw outOfRange(value, place, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    return decimal.longValue();
  }

  static SQLException outOfRange(Object value, String place, long least, long most) {
    return SQLExceptions.of(
        SqlStates.NUMBER_OUT_OF_RANGE,
        place + ": " + value + " is not between " + least + " and " + most);
  }

  static double toDouble(Object value, String place) throws SQLException {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    if (value instanceof String text) {
      try {
        return Double.parseDouble(text.trim());
      } catch (NumberFormatException e) {
        throw wrong(value, place, "a number");
      }
    }
    throw wrong(value, place, "a number");
  }

  static BigDecimal toDecimal(Object value, String place) throws SQLException {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    if (value instanceof Double || value instanceof Float) {
      return decimal(
          value.toString(), value, place); // 0.1f is 0.1: the shortest text that reads back
    }
    if (value instanceof Number number) {
      return BigDecimal.valueOf(number.longValue());
    }
    if (value instanceof Boolean bool) {
      return bool ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    if (value instanceof String text) {
      return decimal(text.trim(), value, place);
    }
    throw wrong(value, place, "a number");
  }

  private static BigDecimal decimal(String text, Object value, String place) throws SQLException {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw wrong(value, place, "a number");
    }
  }

  static String toText(Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof LocalDateTime timestamp) {
      return timestamp.toLocalDate() + " " + timeText(timestamp.toLocalTime());
    }
    if (value instanceof LocalTime time) {
      return timeText(time);
    }
    return value.toString();
  }

  /** {@code 10:05:00}, with a fraction only if there is one. */
  private static String timeText(LocalTime time) {
    String text = time.toString();
    return text.length() == 5 ? text + ":00" : text;
  }

  static byte[] toBytes(Object value, String place) throws SQLException {
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    if (value instanceof String text) {
      return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
    throw wrong(value, place, "bytes");
  }

  static LocalDate toLocalDate(Object value, String place) throws SQLException {
    if (value instanceof LocalDate date) {
      return date;
    }
    if (value instanceof LocalDateTime timestamp) {
      return timestamp.toLocalDate();
    }
    if (value instanceof String text) {
      try {
        return LocalDate.parse(text.trim().substring(0, Math.min(10, text.trim().length())));
      } catch (DateTimeException e) {
        throw wrong(value, place, "a date");
      }
    }
    throw wrong(value, place, "a date");
  }

  static LocalTime toLocalTime(Object value, String place) throws SQLException {
    if (value instanceof LocalTime time) {
      return time;
    }
    if (value instanceof LocalDateTime timestamp) {
      return timestamp.toLocalTime();
    }
    if (value instanceof String text) {
      try {
        return LocalTime.parse(text.trim());
      } catch (DateTimeException e) {
        throw wrong(value, place, "a time");
      }
    }
    throw wrong(value, place, "a time");
  }

  static LocalDateTime toLocalDateTime(Object value, String place) throws SQLException {
    if (value instanceof LocalDateTime timestamp) {
      return timestamp;
    }
    if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    }
    if (value instanceof LocalTime time) {
      return time.atDate(LocalDate.EPOCH);
    }
    if (value instanceof String text) {
      try {
        String trimmed = text.trim();
        return trimmed.length() <= 10
            ? LocalDate.parse(trimmed).atStartOfDay()
            : LocalDateTime.parse(trimmed.replace(' ', 'T'));
      } catch (DateTimeException e) {
        throw wrong(value, place, "a timestamp");
      }
    }
    throw wrong(value, place, "a timestamp");
  }

  /** {@code calendar} gives the time zone; null means the JVM's. */
  static Date toDate(Object value, Calendar calendar, String place) throws SQLException {
    LocalDate date = toLocalDate(value, place);
    return calendar == null
        ? Date.valueOf(date)
        : new Date(date.atStartOfDay(zone(calendar)).toInstant().toEpochMilli());
  }

  static Time toTime(Object value, Calendar calendar, String place) throws SQLException {
    LocalTime time = toLocalTime(value, place);
    ZoneId zone = calendar == null ? ZoneId.systemDefault() : zone(calendar);
    // not Time.valueOf: that forgets the milliseconds
    return new Time(time.atDate(LocalDate.EPOCH).atZone(zone).toInstant().toEpochMilli());
  }

  static Timestamp toTimestamp(Object value, Calendar calendar, String place) throws SQLException {
    LocalDateTime timestamp = toLocalDateTime(value, place);
    return calendar == null
        ? Timestamp.valueOf(timestamp)
        : Timestamp.from(timestamp.atZone(zone(calendar)).toInstant());
  }

  private static ZoneId zone(Calendar calendar) {
    return calendar.getTimeZone().toZoneId();
  }

  /** What {@code getObject(int)} answers: the classes that JDBC's tables name for the types. */
  static Object toStandard(Object value) {
    if (value instanceof LocalDateTime timestamp) {
      return Timestamp.valueOf(timestamp);
    }
    if (value instanceof LocalDate date) {
      return Date.valueOf(date);
    }
    if (value instanceof LocalTime time) {
      return new Time(
          time.atDate(LocalDate.EPOCH).atZone(ZoneId.systemDefault()).toInstant().toEpochMilli());
    }
    if (value instanceof Short || value instanceof Byte) {
      return ((Number) value).intValue();
    }
    return value instanceof byte[] bytes ? bytes.clone() : value;
  }

  /**
   * What {@code getObject(int, Class)} answers.
   *
   * @throws SQLException 0A000 for a class that no value converts to
   */
  static Object toClass(Object value, Class<?> type, String place) throws SQLException {
    if (type == Object.class) {
      return toStandard(value);
    }
    if (type == String.class) {
      return toText(value);
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive() || type == Boolean.class) {
      return toNumberClass(value, type, place);
    }
    if (type == byte[].class) {
      return toBytes(value, place);
    }
    if (type == UUID.class) {
      return toUuid(value, place);
    }
    if (type == Blob.class) {
      return new MemoryBlob(toBytes(value, place));
    }
    if (type == Clob.class || type == NClob.class) {
      return new MemoryClob(toText(value));
    }
    return toTemporal(value, type, place);
  }

  private static Object toNumberClass(Object value, Class<?> type, String place)
      throws SQLException {
    if (type == Integer.class || type == int.class) {
      return (int) toLong(value, Integer.MIN_VALUE, Integer.MAX_VALUE, place);
    } else if (type == Long.class || type == long.class) {
      return toLong(value, Long.MIN_VALUE, Long.MAX_VALUE, place);
    } else if (type == Short.class || type == short.class) {
      return (short) toLong(value, Short.MIN_VALUE, Short.MAX_VALUE, place);
    } else if (type == Byte.class || type == byte.class) {
      return (byte) toLong(value, Byte.MIN_VALUE, Byte.MAX_VALUE, place);
    } else if (type == Double.class || type == double.class) {
      return toDouble(value, place);
    } else if (type == Float.class || type == float.class) {
      return (float) toDouble(value, place);
    } else if (type == Boolean.class || type == boolean.class) {
      return toBoolean(value, place);
    } else if (type == BigInteger.class) {
      return toDecimal(value, place).toBigInteger();
    } else if (type == BigDecimal.class || type == Number.class) {
      return toDecimal(value, place);
    }
    throw SQLExceptions.notSupported(place + ": conversion to " + type.getName() + " is not");
  }

  private static UUID toUuid(Object value, String place) throws SQLException {
    try {
      return UUID.fromString(toText(value).trim());
    } catch (IllegalArgumentException e) {
      throw wrong(value, place, "a UUID");
    }
  }

  private static Object toTemporal(Object value, Class<?> type, String place) throws SQLException {
    if (type == LocalDate.class) {
      return toLocalDate(value, place);
    } else if (type == LocalTime.class) {
      return toLocalTime(value, place);
    } else if (type == LocalDateTime.class) {
      return toLocalDateTime(value, place);
    } else if (type == Date.class) {
      return toDate(value, null, place);
    } else if (type == Time.class) {
      return toTime(value, null, place);
    } else if (type == Timestamp.class || type == java.util.Date.class) {
      return toTimestamp(value, null, place);
    } else if (type == Instant.class) {
      return zoned(value, place).toInstant();
    } else if (type == ZonedDateTime.class) {
      return zoned(value, place);
    } else if (type == OffsetDateTime.class) {
      return zoned(value, place).toOffsetDateTime();
    } else if (type == OffsetTime.class) {
      return zoned(toLocalTime(value, place), place).toOffsetDateTime().toOffsetTime();
    } else if (type == Calendar.class) {
      return java.util.GregorianCalendar.from(zoned(value, place));
    }
    throw SQLExceptions.notSupported(place + ": conversion to " + type.getName() + " is not");
  }

  private static ZonedDateTime zoned(Object value, String place) throws SQLException {
    return toLocalDateTime(value, place).atZone(ZoneId.systemDefault());
  }

  private static SQLException wrong(Object value, String place, String wanted) {
    String shown = toText(value);
    return SQLExceptions.of(
        SqlStates.INVALID_CAST,
        place
            + ": '"
            + (shown.length() > 60 ? shown.substring(0, 60) + "..." : shown)
            + "' is not "
            + wanted);
  }
}
