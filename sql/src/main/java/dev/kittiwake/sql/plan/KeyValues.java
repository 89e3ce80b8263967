package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.SqlType;
import java.math.BigDecimal;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/**
 * Brings the value of a comparison into the type of the key column it is compared with, if that
 * loses nothing.
 */
final class KeyValues {
  private KeyValues() {}

  /**
   * {@code value} as a value of {@code column}'s type; empty if the comparison cannot be made on
   * encoded keys.
   */
  static Optional<RexNode> inColumnType(RexBuilder rex, RexNode value, SqlType column) {
    if (value.getType().getSqlTypeName() == org.apache.calcite.sql.type.SqlTypeName.NULL) {
      return Optional.empty();
    }
    SqlType given = Types.of(value.getType());
    RelDataType target = Types.toRel(rex.getTypeFactory(), column, value.getType().isNullable());
    if (column.kind().isCharacter() && given.kind().isCharacter()
        || column.kind().isBinary() && given.kind().isBinary()) {
      return Optional.of(value);
    }
    if (value instanceof RexLiteral literal && column.kind().isNumeric()) {
      return exactLiteral(rex, literal, column, target);
    }
    if (given.kind() == column.kind()) {
      boolean narrower = given.precision() <= column.precision() && given.scale() <= column.scale();
      return column.kind() != SqlType.Kind.DECIMAL || narrower || given.scale() == column.scale()
          ? Optional.of(value)
          : Optional.empty();
    }
    boolean widens =
        column.kind().isInteger()
            && given.kind().isInteger()
            && given.kind().compareTo(column.kind()) < 0;
    return widens ? Optional.of(rex.makeCast(target, value)) : Optional.empty();
  }

  private static Optional<RexNode> exactLiteral(
      RexBuilder rex, RexLiteral literal, SqlType column, RelDataType target) {
    BigDecimal number = literal.getValueAs(BigDecimal.class);
    if (number == null) {
      return Optional.empty();
    }
    boolean fits =
        switch (column.kind()) {
          case TINYINT -> isWithin(number, Byte.MIN_VALUE, Byte.MAX_VALUE);
          case SMALLINT -> isWithin(number, Short.MIN_VALUE, Short.MAX_VALUE);
          case INT -> isWithin(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
          case BIGINT -> isWithin(number, Long.MIN_VALUE, Long.MAX_VALUE);
          case DECIMAL ->
              number.stripTrailingZeros().scale() <= column.scale()
                  && number.precision() - number.scale() <= column.precision() - column.scale();
          default -> false;
        };
    return fits ? Optional.of(rex.makeLiteral(number, target)) : Optional.empty();
  }

  private static boolean isWithin(BigDecimal number, long least, long largest) {
    return number.stripTrailingZeros().scale() <= 0
        && number.compareTo(BigDecimal.valueOf(least)) >= 0
        && number.compareTo(BigDecimal.valueOf(largest)) <= 0;
  }
}
