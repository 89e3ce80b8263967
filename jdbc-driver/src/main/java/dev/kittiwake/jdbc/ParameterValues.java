package dev.kittiwake.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.UUID;

/**
 * From what a {@code setX} is given to the session's values. Streams are read to their end at once.
 * Moments with a time zone become the JVM's local time, as {@code java.sql.Timestamp} does it.
 */
final class ParameterValues {
  private ParameterValues() {}

  /**
   * @throws SQLException 0A000 for a class that no column can hold
   */
  static Object of(Object value, String place) throws SQLException {
    if (value == null
        || value instanceof String
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof BigDecimal
        || value instanceof Boolean
        || value instanceof Double
        || value instanceof Float
        || value instanceof LocalDate
        || value instanceof LocalDateTime
        || value instanceof LocalTime) {
      return value;
    }
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    if (value instanceof Byte number) {
      return number.shortValue();
    }
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    if (value instanceof Character || value instanceof UUID) {
      return value.toString();
    }
    if (value instanceof Blob blob) {
      return ofBlob(blob);
    }
    if (value instanceof Clob clob) {
      return ofClob(clob);
    }
    if (value instanceof InputStream stream) {
      return ofStream(stream, -1, place);
    }
    if (value instanceof Reader reader) {
      return ofReader(reader, -1, place);
    }
    return ofMoment(value, place);
  }

  private static Object ofMoment(Object value, String place) throws SQLException {
    if (value instanceof Timestamp timestamp) {
      return timestamp.toLocalDateTime();
    } else if (value instanceof Date date) {
      return date.toLocalDate();
    } else if (value instanceof Time time) {
      return ofTime(time, null);
    } else if (value instanceof java.util.Date date) {
      return local(date.toInstant());
    } else if (value instanceof Calendar calendar) {
      return local(calendar.toInstant());
    } else if (value instanceof Instant instant) {
      return local(instant);
    } else if (value instanceof OffsetDateTime moment) {
      return local(moment.toInstant());
    } else if (value instanceof ZonedDateTime moment) {
      return local(moment.toInstant());
    } else if (value instanceof OffsetTime time) {
      return time.toLocalTime();
    }
    throw SQLExceptions.notSupported(
        place + ": a value of class " + value.getClass().getName() + " is not");
  }

  private static LocalDateTime local(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneId.systemDefault());
  }

  private static ZoneId zone(Calendar calendar) {
    return calendar == null ? ZoneId.systemDefault() : calendar.getTimeZone().toZoneId();
  }

  static Object ofDate(Date date, Calendar calendar) {
    if (date == null) {
      return null;
    }
    return calendar == null
        ? date.toLocalDate()
        : LocalDate.ofInstant(Instant.ofEpochMilli(date.getTime()), zone(calendar));
  }

  static Object ofTime(Time time, Calendar calendar) {
    // not toLocalTime: that forgets the milliseconds
    return time == null
        ? null
        : LocalTime.ofInstant(Instant.ofEpochMilli(time.getTime()), zone(calendar));
  }

  static Object ofTimestamp(Timestamp timestamp, Calendar calendar) {
    if (timestamp == null) {
      return null;
    }
    return calendar == null
        ? timestamp.toLocalDateTime()
        : LocalDateTime.ofInstant(timestamp.toInstant(), zone(calendar));
  }

  static Object ofBlob(Blob blob) throws SQLException {
    return blob == null ? null : blob.getBytes(1, length(blob.length()));
  }

  static Object ofClob(Clob clob) throws SQLException {
    return clob == null ? null : clob.getSubString(1, length(clob.length()));
  }

  private static int length(long length) throws SQLException {
    if (length < 0 || length > Integer.MAX_VALUE - 8) {
      throw SQLExceptions.invalidArgument("length " + length + " is not between 0 and 2^31 - 9");
    }
    return (int) length;
  }

  /** {@code length} is what the caller promised; -1 = until the end. */
  static byte[] ofStream(InputStream stream, long length, String place) throws SQLException {
    if (stream == null) {
      return null;
    }
    try {
      if (length < 0) {
        return stream.readAllBytes();
      }
      byte[] bytes = stream.readNBytes(length(length));
      checkLength(bytes.length, length, place);
      return bytes;
    } catch (IOException e) {
      throw SQLExceptions.of("22000", 0, place + ": the stream failed: " + e.getMessage(), e);
    }
  }

  static String ofAscii(InputStream stream, long length, String place) throws SQLException {
    byte[] bytes = ofStream(stream, length, place);
    return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static String ofReader(Reader reader, long length, String place) throws SQLException {
    if (reader == null) {
      return null;
    }
    try {
      StringWriter text = new StringWriter();
      char[] chunk = new char[4096];
      long left = length < 0 ? Long.MAX_VALUE : length;
      int read = 0;
      while (left > 0 && read >= 0) {
        read = reader.read(chunk, 0, (int) Math.min(left, chunk.length));
        if (read > 0) {
          text.write(chunk, 0, read);
          left -= read;
        }
      }
      if (length >= 0) {
        checkLength(text.getBuffer().length(), length, place);
      }
      return text.toString();
    } catch (IOException e) {
      throw SQLExceptions.of("22000", 0, place + ": the reader failed: " + e.getMessage(), e);
    }
  }

  private static void checkLength(long read, long promised, String place) throws SQLException {
    if (read < promised) {
      throw SQLExceptions.invalidArgument(
          place + ": the stream ended after " + read + " of " + promised);
    }
  }

  /** {@code setObject} with a wanted type. */
  static Object of(Object value, SQLType type, int scale, String place) throws SQLException {
    Object plain = of(value, place);
    if (plain == null || !(type instanceof JDBCType wanted)) {
      return plain;
    }
    return switch (wanted) {
      case BIT, BOOLEAN -> Conversions.toBoolean(plain, place);
      case TINYINT -> (short) Conversions.toLong(plain, Byte.MIN_VALUE, Byte.MAX_VALUE, place);
      case SMALLINT -> (short) Conversions.toLong(plain, Short.MIN_VALUE, Short.MAX_VALUE, place);
      case INTEGER -> (int) Conversions.toLong(plain, Integer.MIN_VALUE, Integer.MAX_VALUE, place);
      case BIGINT -> Conversions.toLong(plain, Long.MIN_VALUE, Long.MAX_VALUE, place);
      case REAL -> (float) Conversions.toDouble(plain, place);
      case FLOAT, DOUBLE -> Conversions.toDouble(plain, place);
      case DECIMAL, NUMERIC -> decimal(plain, scale, place);
      case CHAR, VARCHAR, LONGVARCHAR, NCHAR, NVARCHAR, LONGNVARCHAR, CLOB, NCLOB ->
          Conversions.toText(plain);
      case BINARY, VARBINARY, LONGVARBINARY, BLOB -> Conversions.toBytes(plain, place);
      case DATE -> Conversions.toLocalDate(plain, place);
      case TIME, TIME_WITH_TIMEZONE -> Conversions.toLocalTime(plain, place);
      case TIMESTAMP, TIMESTAMP_WITH_TIMEZONE -> Conversions.toLocalDateTime(plain, place);
      case JAVA_OBJECT, OTHER, NULL -> plain;
      default ->
          throw SQLExceptions.notSupported(place + ": a parameter of type " + type + " is not");
    };
  }

  private static BigDecimal decimal(Object plain, int scale, String place) throws SQLException {
    BigDecimal decimal = Conversions.toDecimal(plain, place);
    return scale >= 0 && decimal.scale() > scale
        ? decimal.setScale(scale, RoundingMode.HALF_UP)
        : decimal;
  }
}
