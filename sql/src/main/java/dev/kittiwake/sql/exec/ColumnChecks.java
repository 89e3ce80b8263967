package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.ColumnSchema;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.expr.Values;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** What a value must be to be stored in a column. */
final class ColumnChecks {
  private static final int MAX_TEXT = 4 * 1024 * 1024; // bytes of TEXT and BLOB

  private ColumnChecks() {}

  /**
   * The value as it is stored.
   *
   * @throws SqlError 23502, 22001, 22003; the message names the column
   */
  static Object stored(Object value, ColumnSchema column, TableSchema table) {
    if (value == null) {
      if (!column.nullable()) {
        throw SqlError.of(
            SqlStates.NOT_NULL,
            "column " + column.name() + " of table " + table.name() + " must not be NULL");
      }
      return null;
    }
    SqlType type = column.type();
    return switch (type.kind()) {
      case TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, BOOLEAN, DATE, TIME, TIMESTAMP ->
          converted(value, column);
      case DECIMAL -> decimal(Values.toDecimal(value), column);
      case CHAR -> text(Values.trimBlanks(Values.asText(value)), column, type.precision());
      case VARCHAR -> text(Values.asText(value), column, type.precision());
      case TEXT -> text(Values.asText(value), column, MAX_TEXT);
      case BINARY, VARBINARY, BLOB -> bytes(value, column);
      case NULL -> value;
    };
  }

  private static Object converted(Object value, ColumnSchema column) {
    try {
      return Values.fromUser(value, column.type());
    } catch (SqlError e) {
      throw SqlError.of(e.sqlState(), "column " + column.name() + ": " + e.getMessage(), e);
    }
  }

  private static BigDecimal decimal(BigDecimal value, ColumnSchema column) {
    SqlType type = column.type();
    BigDecimal scaled =
        value.scale() == type.scale() ? value : value.setScale(type.scale(), RoundingMode.HALF_UP);
    if (scaled.precision() > type.precision()) {
      throw SqlError.of(
          SqlStates.NUMBER_OUT_OF_RANGE,
          "value " + Values.shown(value) + " is out of range for column " + named(column));
    }
    return scaled;
  }

  private static String text(String value, ColumnSchema column, int limit) {
    int max = limit <= 0 ? MAX_TEXT : limit;
    if (value.length() <= max) {
      return value; // no more code points than chars
    }
    int length = value.codePointCount(0, value.length());
    if (length <= max) {
      return value;
    }
    String cut = value.substring(0, value.offsetByCodePoints(0, max));
    if (Values.trimBlanks(value).length() <= cut.length()) {
      return cut; // only blanks are lost
    }
    throw tooLong(Values.shown(value), length + " characters", column);
  }

  private static byte[] bytes(Object value, ColumnSchema column) {
    byte[] bytes = (byte[]) Values.fromUser(value, column.type());
    int max = column.type().precision() <= 0 ? MAX_TEXT : column.type().precision();
    if (bytes.length > max) {
      throw tooLong("", bytes.length + " bytes", column);
    }
    return bytes;
  }

  private static SqlError tooLong(String shown, String size, ColumnSchema column) {
    return SqlError.of(
        SqlStates.STRING_TOO_LONG,
        "value " + shown + " of " + size + " is too long for column " + named(column));
  }

  private static String named(ColumnSchema column) {
    return column.name() + " " + column.type();
  }
}
