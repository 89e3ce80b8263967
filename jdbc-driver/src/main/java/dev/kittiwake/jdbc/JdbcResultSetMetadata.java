package dev.kittiwake.jdbc;

import dev.kittiwake.sql.ColumnDescription;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;

/** Columns of a result. Immutable. */
final class JdbcResultSetMetadata implements ResultSetMetaData {
  private final List<ColumnDescription> columns;

  JdbcResultSetMetadata(List<ColumnDescription> columns) {
    this.columns = columns;
  }

  private ColumnDescription column(int column) throws SQLException {
    if (column < 1 || column > columns.size()) {
      throw SQLExceptions.of(
          SQLExceptions.INVALID_INDEX,
          "column " + column + " does not exist; the result has " + columns.size());
    }
    return columns.get(column - 1);
  }

  @Override
  public int getColumnCount() {
    return columns.size();
  }

  @Override
  public boolean isAutoIncrement(int column) throws SQLException {
    return column(column).autoIncrement();
  }

  /** Text compares by its bytes. */
  @Override
  public boolean isCaseSensitive(int column) throws SQLException {
    return JdbcTypes.isText(column(column).type());
  }

  @Override
  public boolean isSearchable(int column) throws SQLException {
    column(column);
    return true;
  }

  @Override
  public boolean isCurrency(int column) throws SQLException {
    column(column);
    return false;
  }

  @Override
  public int isNullable(int column) throws SQLException {
    return column(column).nullable() ? columnNullable : columnNoNulls;
  }

  @Override
  public boolean isSigned(int column) throws SQLException {
    return JdbcTypes.isNumeric(column(column).type());
  }

  @Override
  public int getColumnDisplaySize(int column) throws SQLException {
    ColumnDescription described = column(column);
    return JdbcTypes.displaySize(described.type(), described.precision(), described.scale());
  }

  @Override
  public String getColumnLabel(int column) throws SQLException {
    return column(column).label();
  }

  @Override
  public String getColumnName(int column) throws SQLException {
    return column(column).name();
  }

  @Override
  public String getSchemaName(int column) throws SQLException {
    return column(column).schema();
  }

  @Override
  public int getPrecision(int column) throws SQLException {
    ColumnDescription described = column(column);
    return JdbcTypes.precision(described.type(), described.precision());
  }

  @Override
  public int getScale(int column) throws SQLException {
    return column(column).scale();
  }

  @Override
  public String getTableName(int column) throws SQLException {
    return column(column).table();
  }

  @Override
  public String getCatalogName(int column) throws SQLException {
    column(column);
    return "";
  }

  @Override
  public int getColumnType(int column) throws SQLException {
    return column(column).type().getVendorTypeNumber();
  }

  @Override
  public String getColumnTypeName(int column) throws SQLException {
    return column(column).typeName();
  }

  @Override
  public boolean isReadOnly(int column) throws SQLException {
    column(column);
    return true; // result sets are
  }

  @Override
  public boolean isWritable(int column) throws SQLException {
    column(column);
    return false;
  }

  @Override
  public boolean isDefinitelyWritable(int column) throws SQLException {
    column(column);
    return false;
  }

  @Override
  public String getColumnClassName(int column) throws SQLException {
    return JdbcTypes.javaClass(column(column).type()).getName();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrappers.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
