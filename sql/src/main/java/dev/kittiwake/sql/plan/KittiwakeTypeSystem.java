package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.SqlType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** The limits of our types and the types of sums and averages. */
final class KittiwakeTypeSystem extends RelDataTypeSystemImpl {
  static final KittiwakeTypeSystem INSTANCE = new KittiwakeTypeSystem();

  private static final int MAX_FRACTION_DIGITS = 6;
  private static final int AVERAGE_SCALE = 6;

  private KittiwakeTypeSystem() {}

  @Override
  public int getMaxPrecision(SqlTypeName type) {
    return switch (type) {
      case DECIMAL -> SqlType.MAX_DECIMAL_PRECISION;
      case CHAR -> SqlType.MAX_CHAR_LENGTH;
      case VARCHAR, BINARY, VARBINARY -> SqlType.MAX_VARYING_LENGTH;
      case TIME, TIMESTAMP -> MAX_FRACTION_DIGITS;
      default -> super.getMaxPrecision(type);
    };
  }

  @Override
  public int getMaxScale(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? SqlType.MAX_DECIMAL_PRECISION : super.getMaxScale(type);
  }

  @Override
  public int getDefaultPrecision(SqlTypeName type) {
    return switch (type) {
      case DECIMAL -> SqlType.MAX_DECIMAL_PRECISION;
      case TIMESTAMP -> MAX_FRACTION_DIGITS;
      default -> super.getDefaultPrecision(type);
    };
  }

  @Override
  public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
    RelDataType sum =
        switch (argument.getSqlTypeName()) {
          case TINYINT, SMALLINT, INTEGER -> factory.createSqlType(SqlTypeName.BIGINT);
          case BIGINT ->
              factory.createSqlType(SqlTypeName.DECIMAL, SqlType.MAX_DECIMAL_PRECISION, 0);
          case DECIMAL ->
              factory.createSqlType(
                  SqlTypeName.DECIMAL, SqlType.MAX_DECIMAL_PRECISION, argument.getScale());
          case REAL, FLOAT -> factory.createSqlType(SqlTypeName.DOUBLE);
          default -> argument;
        };
    return factory.createTypeWithNullability(sum, argument.isNullable());
  }

  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
    RelDataType average = argument;
    if (SqlTypeUtil.isApproximateNumeric(argument)) {
      average = factory.createSqlType(SqlTypeName.DOUBLE);
    } else if (SqlTypeUtil.isExactNumeric(argument)) {
      int scale = Math.max(argument.getScale(), AVERAGE_SCALE);
      average = factory.createSqlType(SqlTypeName.DECIMAL, SqlType.MAX_DECIMAL_PRECISION, scale);
    }
    return factory.createTypeWithNullability(average, argument.isNullable());
  }

  /** CASE WHEN … THEN 'a' ELSE 'abc' is a VARCHAR, not a blank-padded CHAR. */
  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }

  /** Constants folded while planning round as values do at run time. */
  @Override
  public java.math.RoundingMode roundingMode() {
    return java.math.RoundingMode.HALF_UP;
  }
}
