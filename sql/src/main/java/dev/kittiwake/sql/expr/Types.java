package dev.kittiwake.sql.expr;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.SqlType;
import org.apache.calcite.rel.type.RelDataType;

/** From the planner's types to ours. */
public final class Types {
  private Types() {}

  /** Our type for {@code type}; intervals are BIGINT. */
  public static SqlType of(RelDataType type) {
    int precision = Math.max(0, type.getPrecision());
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> SqlType.BOOLEAN;
      case TINYINT -> SqlType.TINYINT;
      case SMALLINT -> SqlType.SMALLINT;
      case INTEGER -> SqlType.INT;
      case BIGINT -> SqlType.BIGINT;
      case DECIMAL -> SqlType.decimal(precision, Math.max(0, type.getScale()));
      case REAL -> SqlType.FLOAT;
      case FLOAT, DOUBLE -> SqlType.DOUBLE;
      case CHAR -> SqlType.character(precision);
      case VARCHAR ->
          precision == 0 || precision > SqlType.MAX_VARYING_LENGTH
              ? SqlType.varchar(0)
              : SqlType.varchar(precision);
      case BINARY, VARBINARY ->
          SqlType.varbinary(precision > SqlType.MAX_VARYING_LENGTH ? 0 : precision);
      case DATE -> SqlType.DATE;
      case TIME -> SqlType.time(precision);
      case TIMESTAMP -> SqlType.timestamp(precision);
      case NULL, ANY, UNKNOWN -> SqlType.NULL;
      default -> {
        if (type.getSqlTypeName().getFamily()
                == org.apache.calcite.sql.type.SqlTypeFamily.INTERVAL_DAY_TIME
            || type.getSqlTypeName().getFamily()
                == org.apache.calcite.sql.type.SqlTypeFamily.INTERVAL_YEAR_MONTH) {
          yield SqlType.BIGINT;
        }
        throw SqlError.of(SqlStates.NOT_SUPPORTED, "values of type " + type + " are not supported");
      }
    };
  }
}
