package dev.kittiwake.sql.catalog;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Locale;

/**
 * A column's type. Immutable, compared by value.
 *
 * @param precision digits of DECIMAL, characters of CHAR and VARCHAR, bytes of BINARY and
 *     VARBINARY, digits of the second's fraction of TIME and TIMESTAMP (0 to 6); 0 for all others
 * @param scale digits after the point of DECIMAL; 0 for all others
 */
public record SqlType(Kind kind, int precision, int scale) {
  /** The largest number of digits of a DECIMAL. */
  public static final int MAX_DECIMAL_PRECISION = 38;

  /** The longest CHAR, in characters. */
  public static final int MAX_CHAR_LENGTH = 65_535;

  /** The longest VARCHAR, VARBINARY, TEXT and BLOB: characters or bytes. */
  public static final int MAX_VARYING_LENGTH = 16_777_216;

  /** The families of types, with the Java class of their values in rows and parameters. */
  public enum Kind {
    BOOLEAN(Boolean.class),
    TINYINT(Byte.class),
    SMALLINT(Short.class),
    INT(Integer.class),
    BIGINT(Long.class),
    FLOAT(Float.class),
    DOUBLE(Double.class),
    DECIMAL(BigDecimal.class),
    CHAR(String.class),
    VARCHAR(String.class),
    TEXT(String.class),
    BINARY(byte[].class),
    VARBINARY(byte[].class),
    BLOB(byte[].class),
    DATE(LocalDate.class),
    TIME(LocalTime.class),
    TIMESTAMP(LocalDateTime.class),
    /** The type of a bare NULL: a query may have it, a column may not. */
    NULL(Object.class);

    private final Class<?> javaClass;

    Kind(Class<?> javaClass) {
      this.javaClass = javaClass;
    }

    /** The class of a value that is not NULL. */
    public Class<?> javaClass() {
      return javaClass;
    }

    /** Whether values are whole numbers of a fixed width. */
    public boolean isInteger() {
      return this == TINYINT || this == SMALLINT || this == INT || this == BIGINT;
    }

    /** Whether values are numbers. */
    public boolean isNumeric() {
      return isInteger() || this == DECIMAL || this == FLOAT || this == DOUBLE;
    }

    /** Whether values are strings: compared by their UTF-8 bytes, unsigned. */
    public boolean isCharacter() {
      return this == CHAR || this == VARCHAR || this == TEXT;
    }

    /** Whether values are byte strings. */
    public boolean isBinary() {
      return this == BINARY || this == VARBINARY || this == BLOB;
    }

    /** Whether values are dates or times. */
    public boolean isTemporal() {
      return this == DATE || this == TIME || this == TIMESTAMP;
    }
  }

  public static final SqlType BOOLEAN = of(Kind.BOOLEAN);
  public static final SqlType TINYINT = of(Kind.TINYINT);
  public static final SqlType SMALLINT = of(Kind.SMALLINT);
  public static final SqlType INT = of(Kind.INT);
  public static final SqlType BIGINT = of(Kind.BIGINT);
  public static final SqlType FLOAT = of(Kind.FLOAT);
  public static final SqlType DOUBLE = of(Kind.DOUBLE);
  public static final SqlType TEXT = of(Kind.TEXT);
  public static final SqlType BLOB = of(Kind.BLOB);
  public static final SqlType DATE = of(Kind.DATE);
  public static final SqlType NULL = of(Kind.NULL);

  /** A type that has neither precision nor scale. */
  public static SqlType of(Kind kind) {
    return new SqlType(kind, 0, 0);
  }

  /** DECIMAL with {@code precision} digits, {@code scale} of them after the point. */
  public static SqlType decimal(int precision, int scale) {
    return new SqlType(Kind.DECIMAL, precision, scale);
  }

  /** CHAR of at most {@code length} characters. */
  public static SqlType character(int length) {
    return new SqlType(Kind.CHAR, length, 0);
  }

  /** VARCHAR of at most {@code length} characters. */
  public static SqlType varchar(int length) {
    return new SqlType(Kind.VARCHAR, length, 0);
  }

  /** VARBINARY of at most {@code length} bytes. */
  public static SqlType varbinary(int length) {
    return new SqlType(Kind.VARBINARY, length, 0);
  }

  /** TIMESTAMP with {@code fractionDigits} digits after the second. */
  public static SqlType timestamp(int fractionDigits) {
    return new SqlType(Kind.TIMESTAMP, fractionDigits, 0);
  }

  /** TIME with {@code fractionDigits} digits after the second. */
  public static SqlType time(int fractionDigits) {
    return new SqlType(Kind.TIME, fractionDigits, 0);
  }

  /** As it is written in CREATE TABLE: {@code DECIMAL(12, 2)}. */
  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return switch (kind) {
      case DECIMAL -> name + "(" + precision + ", " + scale + ")";
      case CHAR, VARCHAR, BINARY, VARBINARY -> name + "(" + precision + ")";
      case TIME, TIMESTAMP -> precision == 0 ? name : name + "(" + precision + ")";
      default -> name;
    };
  }
}
