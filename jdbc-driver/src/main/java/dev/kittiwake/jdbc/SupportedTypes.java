package dev.kittiwake.jdbc;

import java.sql.DatabaseMetaData;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.util.List;

/** {@code getTypeInfo}: the types that CREATE TABLE knows, ordered by JDBC's type number. */
final class SupportedTypes {
  /** {@code creation} names what stands in parentheses after the name; null = nothing. */
  private record Type(
      String name, JDBCType jdbc, int precision, String quote, String creation, int maxScale) {}

  private static final int VARYING = 16_777_216;
  private static final List<Type> TYPES =
      List.of(
          new Type("BOOLEAN", JDBCType.BOOLEAN, 1, null, null, 0),
          new Type("TINYINT", JDBCType.TINYINT, 3, null, null, 0),
          new Type("SMALLINT", JDBCType.SMALLINT, 5, null, null, 0),
          new Type("INTEGER", JDBCType.INTEGER, 10, null, null, 0),
          new Type("BIGINT", JDBCType.BIGINT, 19, null, null, 0),
          new Type("FLOAT", JDBCType.FLOAT, 15, null, null, 0),
          new Type("REAL", JDBCType.REAL, 7, null, null, 0),
          new Type("DOUBLE", JDBCType.DOUBLE, 15, null, null, 0),
          new Type("DECIMAL", JDBCType.DECIMAL, 38, null, "precision,scale", 38),
          new Type("CHAR", JDBCType.CHAR, 65_535, "'", "length", 0),
          new Type("VARCHAR", JDBCType.VARCHAR, VARYING, "'", "length", 0),
          new Type("TEXT", JDBCType.LONGVARCHAR, VARYING, "'", null, 0),
          new Type("BINARY", JDBCType.BINARY, 65_535, "'", "length", 0),
          new Type("VARBINARY", JDBCType.VARBINARY, VARYING, "'", "length", 0),
          new Type("BLOB", JDBCType.BLOB, VARYING, "'", null, 0),
          new Type("DATE", JDBCType.DATE, 10, "'", null, 0),
          new Type("TIME", JDBCType.TIME, 15, "'", "precision", 6),
          new Type("TIMESTAMP", JDBCType.TIMESTAMP, 26, "'", "precision", 6));

  private SupportedTypes() {}

  static ResultSet resultSet() {
    MetadataRows rows =
        new MetadataRows(
            "TYPE_NAME:s",
            "DATA_TYPE:i",
            "PRECISION:i",
            "LITERAL_PREFIX:s",
            "LITERAL_SUFFIX:s",
            "CREATE_PARAMS:s",
            "NULLABLE:h",
            "CASE_SENSITIVE:b",
            "SEARCHABLE:h",
            "UNSIGNED_ATTRIBUTE:b",
            "FIXED_PREC_SCALE:b",
            "AUTO_INCREMENT:b",
            "LOCAL_TYPE_NAME:s",
            "MINIMUM_SCALE:h",
            "MAXIMUM_SCALE:h",
            "SQL_DATA_TYPE:i",
            "SQL_DATETIME_SUB:i",
            "NUM_PREC_RADIX:i");
    for (Type type : TYPES) {
      rows.add(
          type.name,
          type.jdbc.getVendorTypeNumber(),
          type.precision,
          type.quote,
          type.quote,
          type.creation,
          (short) DatabaseMetaData.typeNullable,
          JdbcTypes.isText(type.jdbc),
          (short) DatabaseMetaData.typeSearchable,
          false,
          false,
          type.jdbc == JDBCType.INTEGER || type.jdbc == JDBCType.BIGINT,
          null,
          (short) 0,
          (short) type.maxScale,
          null,
          null,
          JdbcTypes.isNumeric(type.jdbc) ? 10 : null);
    }
    return rows.sortedBy(1).resultSet();
  }
}
