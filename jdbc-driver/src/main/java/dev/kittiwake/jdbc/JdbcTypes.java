package dev.kittiwake.jdbc;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.Time;
import java.sql.Timestamp;

/** Facts of JDBC's types that metadata reports. */
final class JdbcTypes {
  private JdbcTypes() {}

  /** The class of {@code getObject(int)}. */
  static Class<?> javaClass(JDBCType type) {
    return switch (type) {
      case BIT, BOOLEAN -> Boolean.class;
      case TINYINT, SMALLINT, INTEGER -> Integer.class;
      case BIGINT -> Long.class;
      case REAL -> Float.class;
      case FLOAT, DOUBLE -> Double.class;
      case DECIMAL, NUMERIC -> BigDecimal.class;
      case CHAR, VARCHAR, LONGVARCHAR, NCHAR, NVARCHAR, LONGNVARCHAR, CLOB, NCLOB -> String.class;
      case BINARY, VARBINARY, LONGVARBINARY, BLOB -> byte[].class;
      case DATE -> Date.class;
      case TIME -> Time.class;
      case TIMESTAMP -> Timestamp.class;
      default -> Object.class;
    };
  }

  static boolean isNumeric(JDBCType type) {
    return switch (type) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, REAL, FLOAT, DOUBLE, DECIMAL, NUMERIC -> true;
      default -> false;
    };
  }

  static boolean isText(JDBCType type) {
    return switch (type) {
      case CHAR, VARCHAR, LONGVARCHAR, NCHAR, NVARCHAR, LONGNVARCHAR, CLOB, NCLOB -> true;
      default -> false;
    };
  }

  /**
   * Digits, or characters (of dates and times too), or bytes; {@code declared} where the type does
   * not fix it.
   */
  static int precision(JDBCType type, int declared) {
    return switch (type) {
      case BIT, BOOLEAN -> 1;
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INTEGER -> 10;
      case BIGINT -> 19;
      case REAL -> 7;
      case FLOAT, DOUBLE -> 15;
      case DATE -> 10;
      case TIME -> declared > 0 ? declared : 8;
      case TIMESTAMP -> declared > 0 ? declared : 19;
      default -> declared;
    };
  }

  /** Characters that a value takes at most when shown. */
  static int displaySize(JDBCType type, int declared, int scale) {
    int precision = precision(type, declared);
    return switch (type) {
      case BIT, BOOLEAN -> 5;
      case TINYINT, SMALLINT, INTEGER, BIGINT -> precision + 1;
      case REAL -> 15;
      case FLOAT, DOUBLE -> 24;
      case DECIMAL, NUMERIC -> precision + 1 + (scale > 0 ? 1 : 0);
      case BINARY, VARBINARY, LONGVARBINARY, BLOB -> 2 * Math.min(precision, 1 << 29);
      default -> precision == 0 ? 255 : precision;
    };
  }
}
