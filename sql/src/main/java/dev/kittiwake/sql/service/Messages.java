package dev.kittiwake.sql.service;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.sqlservice.CatalogContents;
import dev.kittiwake.proto.sqlservice.Column;
import dev.kittiwake.proto.sqlservice.Failure;
import dev.kittiwake.proto.sqlservice.Index;
import dev.kittiwake.proto.sqlservice.IsolationLevel;
import dev.kittiwake.proto.sqlservice.Keys;
import dev.kittiwake.proto.sqlservice.SavepointMark;
import dev.kittiwake.proto.sqlservice.Table;
import dev.kittiwake.sql.CatalogView;
import dev.kittiwake.sql.ColumnDescription;
import dev.kittiwake.sql.GeneratedKeys;
import dev.kittiwake.sql.IndexDescription;
import dev.kittiwake.sql.Isolation;
import dev.kittiwake.sql.SessionSavepoint;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.TableDescription;
import java.sql.JDBCType;
import java.util.ArrayList;
import java.util.List;

/** Between the session's records and the messages of {@code kittiwake_sql.proto}. Pure. */
final class Messages {
  private Messages() {}

  static Column column(ColumnDescription column) {
    Column.Builder message =
        Column.newBuilder()
            .setLabel(column.label())
            .setName(column.name())
            .setTable(column.table())
            .setSchema(column.schema())
            .setJdbcType(column.type().getVendorTypeNumber())
            .setTypeName(column.typeName())
            .setPrecision(column.precision())
            .setScale(column.scale())
            .setNullable(column.nullable())
            .setAutoIncrement(column.autoIncrement());
    if (column.defaultText() != null) {
      message.setHasDefault(true).setDefaultText(column.defaultText());
    }
    return message.build();
  }

  static List<Column> columns(List<ColumnDescription> columns) {
    return columns.stream().map(Messages::column).toList();
  }

  static List<ColumnDescription> descriptions(List<Column> columns) {
    return columns.stream().map(Messages::description).toList();
  }

  private static ColumnDescription description(Column column) {
    return new ColumnDescription(
        column.getLabel(),
        column.getName(),
        column.getTable(),
        column.getSchema(),
        JDBCType.valueOf(column.getJdbcType()),
        column.getTypeName(),
        column.getPrecision(),
        column.getScale(),
        column.getNullable(),
        column.getAutoIncrement(),
        column.getHasDefault() ? column.getDefaultText() : null);
  }

  static Keys keys(GeneratedKeys keys) {
    ValueCodec.Writer values = new ValueCodec.Writer();
    for (Object[] row : keys.rows()) {
      for (Object value : row) {
        values.write(value);
      }
    }
    return Keys.newBuilder()
        .addAllColumns(columns(keys.columns()))
        .setRowCount(keys.rows().size())
        .setValues(values.finish())
        .build();
  }

  static GeneratedKeys keys(Keys message) {
    if (message.getColumnsCount() == 0) {
      return GeneratedKeys.NONE;
    }
    List<Object[]> rows = new ArrayList<>();
    ValueCodec.Reader values = new ValueCodec.Reader(message.getValues());
    for (int i = 0; i < message.getRowCount(); i++) {
      rows.add(row(values, message.getColumnsCount()).toArray());
    }
    return new GeneratedKeys(descriptions(message.getColumnsList()), rows);
  }

  /** One row of values; may hold nulls. */
  static List<Object> row(ValueCodec.Reader values, int count) {
    List<Object> row = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      row.add(values.readBoxed());
    }
    return row;
  }

  /** Parameters: their number, then the values. */
  static ByteString parameters(List<List<Object>> rows) {
    ValueCodec.Writer values = new ValueCodec.Writer();
    for (List<Object> row : rows) {
      values.write(row.size());
      row.forEach(values::write);
    }
    return values.finish();
  }

  static List<List<Object>> parameters(ByteString bytes, int rowCount) {
    ValueCodec.Reader values = new ValueCodec.Reader(bytes);
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < rowCount; i++) {
      rows.add(row(values, (Integer) values.readBoxed()));
    }
    return rows;
  }

  static IsolationLevel isolation(Isolation isolation) {
    return switch (isolation) {
      case READ_COMMITTED -> IsolationLevel.READ_COMMITTED;
      case REPEATABLE_READ -> IsolationLevel.REPEATABLE_READ;
      case SERIALIZABLE -> IsolationLevel.SERIALIZABLE;
    };
  }

  static Isolation isolation(IsolationLevel level) {
    return switch (level) {
      case READ_COMMITTED -> Isolation.READ_COMMITTED;
      case SERIALIZABLE -> Isolation.SERIALIZABLE;
      default -> Isolation.REPEATABLE_READ;
    };
  }

  static SavepointMark mark(SessionSavepoint savepoint) {
    SavepointMark.Builder mark = SavepointMark.newBuilder().setId(savepoint.id());
    if (savepoint.name() != null) {
      mark.setNamed(true).setName(savepoint.name());
    }
    return mark.build();
  }

  static SessionSavepoint savepoint(SavepointMark mark) {
    return new SessionSavepoint(mark.getId(), mark.getNamed() ? mark.getName() : null);
  }

  static Failure failure(SqlError error) {
    return Failure.newBuilder()
        .setSqlState(error.sqlState())
        .setVendorCode(error.vendorCode())
        .setPosition(error.position())
        .setMessage(String.valueOf(error.getMessage()))
        .build();
  }

  static SqlError error(Failure failure) {
    return SqlError.remote(
        failure.getSqlState(),
        failure.getVendorCode(),
        failure.getPosition(),
        failure.getMessage());
  }

  static CatalogContents catalog(CatalogView view, long knownVersion) {
    CatalogContents.Builder contents = CatalogContents.newBuilder().setVersion(view.version());
    if (view.version() == knownVersion && knownVersion != 0) {
      return contents.setUnchanged(true).build();
    }
    contents.addAllSchemas(view.schemas());
    view.tables(null).forEach(table -> contents.addTables(table(table)));
    return contents.build();
  }

  private static Table table(TableDescription table) {
    Table.Builder message =
        Table.newBuilder()
            .setSchema(table.schema())
            .setName(table.name())
            .setKind(table.kind())
            .addAllColumns(columns(table.columns()))
            .addAllPrimaryKey(table.primaryKey())
            .setPrimaryKeyName(table.primaryKeyName() == null ? "" : table.primaryKeyName());
    for (IndexDescription index : table.indexes()) {
      message.addIndexes(
          Index.newBuilder()
              .setName(index.name())
              .setUnique(index.unique())
              .addAllColumns(index.columns()));
    }
    return message.build();
  }

  static TableDescription table(Table message) {
    List<IndexDescription> indexes = new ArrayList<>();
    for (Index index : message.getIndexesList()) {
      indexes.add(new IndexDescription(index.getName(), index.getUnique(), index.getColumnsList()));
    }
    return new TableDescription(
        message.getSchema(),
        message.getName(),
        message.getKind(),
        descriptions(message.getColumnsList()),
        message.getPrimaryKeyList(),
        message.getPrimaryKeyName().isEmpty() ? null : message.getPrimaryKeyName(),
        indexes);
  }
}
