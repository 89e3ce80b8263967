package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.SqlType;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCollation;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/** Our types and Calcite's: one table, both ways. */
public final class Types {
  private Types() {}

  /**
   * A factory of Calcite's types with our limits. Not shared between threads that plan at the same
   * time.
   */
  public static RelDataTypeFactory factory() {
    return new SqlTypeFactoryImpl(KittiwakeTypeSystem.INSTANCE) {
      @Override
      public java.nio.charset.Charset getDefaultCharset() {
        return StandardCharsets.UTF_8;
      }
    };
  }

  /** Calcite's type for ours. */
  static RelDataType toRel(RelDataTypeFactory factory, SqlType type, boolean nullable) {
    RelDataType plain =
        switch (type.kind()) {
          case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
          case TINYINT -> factory.createSqlType(SqlTypeName.TINYINT);
          case SMALLINT -> factory.createSqlType(SqlTypeName.SMALLINT);
          case INT -> factory.createSqlType(SqlTypeName.INTEGER);
          case BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
          case FLOAT -> factory.createSqlType(SqlTypeName.REAL);
          case DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
          case DECIMAL ->
              factory.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale());
          case CHAR -> text(factory, SqlTypeName.CHAR, type.precision());
          case VARCHAR -> text(factory, SqlTypeName.VARCHAR, type.precision());
          case TEXT -> text(factory, SqlTypeName.VARCHAR, SqlType.MAX_VARYING_LENGTH);
          case BINARY -> factory.createSqlType(SqlTypeName.BINARY, type.precision());
          case VARBINARY -> factory.createSqlType(SqlTypeName.VARBINARY, type.precision());
          case BLOB -> factory.createSqlType(SqlTypeName.VARBINARY, SqlType.MAX_VARYING_LENGTH);
          case DATE -> factory.createSqlType(SqlTypeName.DATE);
          case TIME -> factory.createSqlType(SqlTypeName.TIME, type.precision());
          case TIMESTAMP -> factory.createSqlType(SqlTypeName.TIMESTAMP, type.precision());
          case NULL -> factory.createSqlType(SqlTypeName.NULL);
        };
    return factory.createTypeWithNullability(plain, nullable);
  }

  private static RelDataType text(RelDataTypeFactory factory, SqlTypeName name, int length) {
    return factory.createTypeWithCharsetAndCollation(
        factory.createSqlType(name, length), StandardCharsets.UTF_8, SqlCollation.IMPLICIT);
  }

  /**
   * Our type for Calcite's.
   *
   * @throws SqlError 0A000 for a type we do not have
   */
  public static SqlType of(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> SqlType.BOOLEAN;
      case TINYINT -> SqlType.TINYINT;
      case SMALLINT -> SqlType.SMALLINT;
      case INTEGER -> SqlType.INT;
      case BIGINT -> SqlType.BIGINT;
      case REAL -> SqlType.FLOAT;
      case FLOAT, DOUBLE -> SqlType.DOUBLE;
      case DECIMAL -> SqlType.decimal(type.getPrecision(), type.getScale());
      case CHAR -> SqlType.character(type.getPrecision());
      case VARCHAR -> unbounded(type) ? SqlType.TEXT : SqlType.varchar(type.getPrecision());
      case BINARY -> new SqlType(SqlType.Kind.BINARY, type.getPrecision(), 0);
      case VARBINARY -> unbounded(type) ? SqlType.BLOB : SqlType.varbinary(type.getPrecision());
      case DATE -> SqlType.DATE;
      case TIME -> SqlType.time(type.getPrecision());
      case TIMESTAMP -> SqlType.timestamp(type.getPrecision());
      case NULL -> SqlType.NULL;
      default ->
          throw SqlError.of(
              SqlStates.NOT_SUPPORTED, "type " + type.getSqlTypeName() + " is not supported");
    };
  }

  private static boolean unbounded(RelDataType type) {
    return type.getPrecision() < 0 || type.getPrecision() >= SqlType.MAX_VARYING_LENGTH;
  }
}
