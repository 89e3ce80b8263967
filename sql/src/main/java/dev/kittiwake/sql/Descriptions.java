package dev.kittiwake.sql;

import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.ColumnSchema;
import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.exec.Constraints;
import dev.kittiwake.sql.plan.Statement;
import java.sql.JDBCType;
import java.util.ArrayList;
import java.util.List;

/** From catalog and plan records to the descriptions that leave the engine. */
final class Descriptions {
  private Descriptions() {}

  static ColumnDescription of(Statement.ResultColumn column) {
    return new ColumnDescription(
        column.label(),
        column.column().isEmpty() ? column.label() : column.column(),
        column.table(),
        column.schema(),
        jdbcType(column.type()),
        typeName(column.type()),
        precision(column.type()),
        column.type().scale(),
        column.nullable(),
        column.autoIncrement(),
        null);
  }

  static ColumnDescription of(TableSchema table, ColumnSchema column) {
    return new ColumnDescription(
        column.name(),
        column.name(),
        table.name(),
        table.schema(),
        jdbcType(column.type()),
        typeName(column.type()),
        precision(column.type()),
        column.type().scale(),
        column.nullable(),
        column.autoIncrement(),
        column.defaultSql().orElse(null));
  }

  static ColumnDescription parameter(int number, SqlType type) {
    return new ColumnDescription(
        "?" + number,
        "?" + number,
        "",
        "",
        jdbcType(type),
        typeName(type),
        precision(type),
        type.scale(),
        true,
        false,
        null);
  }

  /** A column of text that the engine makes itself. */
  static ColumnDescription text(String name) {
    return new ColumnDescription(
        name, name, "", "", JDBCType.VARCHAR, "VARCHAR", 0, 0, true, false, null);
  }

  static JDBCType jdbcType(SqlType type) {
    return switch (type.kind()) {
      case BOOLEAN -> JDBCType.BOOLEAN;
      case TINYINT -> JDBCType.TINYINT;
      case SMALLINT -> JDBCType.SMALLINT;
      case INT -> JDBCType.INTEGER;
      case BIGINT -> JDBCType.BIGINT;
      case FLOAT -> JDBCType.REAL;
      case DOUBLE -> JDBCType.DOUBLE;
      case DECIMAL -> JDBCType.DECIMAL;
      case CHAR -> JDBCType.CHAR;
      case VARCHAR -> JDBCType.VARCHAR;
      case TEXT -> JDBCType.LONGVARCHAR;
      case BINARY -> JDBCType.BINARY;
      case VARBINARY -> JDBCType.VARBINARY;
      case BLOB -> JDBCType.LONGVARBINARY;
      case DATE -> JDBCType.DATE;
      case TIME -> JDBCType.TIME;
      case TIMESTAMP -> JDBCType.TIMESTAMP;
      case NULL -> JDBCType.NULL;
    };
  }

  static String typeName(SqlType type) {
    return type.kind().name();
  }

  static int precision(SqlType type) {
    return switch (type.kind()) {
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INT -> 10;
      case BIGINT -> 19;
      case FLOAT -> 7;
      case DOUBLE -> 15;
      case BOOLEAN -> 1;
      case DATE -> 10;
      case TIME -> type.precision() == 0 ? 8 : 9 + type.precision();
      case TIMESTAMP -> type.precision() == 0 ? 19 : 20 + type.precision();
      default -> type.precision();
    };
  }

  static TableDescription of(TableSchema table) {
    List<ColumnDescription> columns = new ArrayList<>();
    table.columns().forEach(column -> columns.add(of(table, column)));
    List<String> key = new ArrayList<>();
    if (!table.primaryKey().hidden()) {
      table.keyOrdinals().forEach(ordinal -> key.add(table.nameOf(ordinal)));
    }
    List<IndexDescription> indexes = new ArrayList<>();
    for (IndexSchema index : table.indexes()) {
      if (index.readable()) {
        indexes.add(
            new IndexDescription(
                index.name(),
                index.unique(),
                table.ordinals(index).stream().map(table::nameOf).toList()));
      }
    }
    return new TableDescription(
        table.schema(),
        table.name(),
        "TABLE",
        columns,
        key,
        key.isEmpty() ? null : Constraints.primaryKeyName(table),
        indexes);
  }

  /** A catalog as drivers see it. */
  record View(Catalog catalog) implements CatalogView {
    @Override
    public long version() {
      return catalog.version();
    }

    @Override
    public List<String> schemas() {
      return catalog.schemas();
    }

    @Override
    public List<TableDescription> tables(String schema) {
      List<TableDescription> found = new ArrayList<>();
      for (String name : schema == null ? catalog.schemas() : List.of(schema)) {
        catalog.tables(name).forEach(table -> found.add(of(table)));
      }
      return found;
    }

    private static TableDescription of(TableSchema table) {
      return Descriptions.of(table);
    }

    @Override
    public TableDescription table(String schema, String name) {
      return catalog.table(schema, name).map(Descriptions::of).orElse(null);
    }
  }
}
