package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.expr.Values;
import dev.kittiwake.sql.row.StorageType;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Values asked for in a key, made what the column stores. */
final class KeyValues {
  /** No stored value can equal the one asked for. */
  static final Object NONE = new Object();

  private KeyValues() {}

  /** The stored form of {@code value}, null for NULL, or {@link #NONE}. */
  static Object stored(Object value, SqlType type, StorageType storage) {
    if (value == null) {
      return null;
    }
    return switch (storage.kind()) {
      case STRING -> {
        String text = Values.asText(value);
        yield type.kind() == SqlType.Kind.CHAR ? Values.trimBlanks(text) : text;
      }
      case DECIMAL -> exact(Values.toDecimal(value), storage);
      case INTEGER -> value instanceof Long ? value : wholeNumber(Values.toDecimal(value));
      case DOUBLE -> Values.toDouble(value);
      default -> Values.fromUser(value, type);
    };
  }

  private static Object exact(BigDecimal value, StorageType storage) {
    BigDecimal scaled = value.setScale(storage.scale(), RoundingMode.FLOOR);
    return scaled.compareTo(value) != 0 || scaled.precision() > storage.precision() ? NONE : scaled;
  }

  private static Object wholeNumber(BigDecimal value) {
    BigDecimal whole = value.setScale(0, RoundingMode.FLOOR);
    return whole.compareTo(value) != 0 || whole.precision() > 18
        ? NONE
        : (Object) whole.longValueExact();
  }
}
