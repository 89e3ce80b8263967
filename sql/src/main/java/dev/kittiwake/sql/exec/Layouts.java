package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.catalog.ColumnSchema;
import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.expr.Values;
import dev.kittiwake.sql.row.ColumnLayout;
import dev.kittiwake.sql.row.IndexLayout;
import dev.kittiwake.sql.row.StorageType;
import dev.kittiwake.sql.row.TableLayout;
import java.util.ArrayList;
import java.util.List;

/** From a table's schema to what the codecs need. */
public final class Layouts {
  private Layouts() {}

  public static TableLayout of(TableSchema table) {
    List<ColumnLayout> columns = new ArrayList<>();
    for (ColumnSchema column : table.columns()) {
      columns.add(new ColumnLayout(column.id(), storage(column.type()), missingValue(column)));
    }
    if (table.primaryKey().hidden()) {
      columns.add(new ColumnLayout(-1, StorageType.of(StorageType.Kind.INTEGER), null));
    }
    List<IndexLayout> indexes = new ArrayList<>();
    for (IndexSchema index : table.indexes()) {
      indexes.add(new IndexLayout(index.id(), index.unique(), ordinals(table.ordinals(index))));
    }
    return new TableLayout(table.id(), columns, ordinals(table.keyOrdinals()), indexes);
  }

  static int[] ordinals(List<Integer> list) {
    int[] array = new int[list.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = list.get(i);
    }
    return array;
  }

  static StorageType storage(SqlType type) {
    return switch (type.kind()) {
      case TINYINT, SMALLINT, INT, BIGINT -> StorageType.of(StorageType.Kind.INTEGER);
      case BOOLEAN -> StorageType.of(StorageType.Kind.BOOLEAN);
      case FLOAT, DOUBLE -> StorageType.of(StorageType.Kind.DOUBLE);
      case DECIMAL -> StorageType.decimal(type.precision(), type.scale());
      case CHAR, VARCHAR, TEXT -> StorageType.of(StorageType.Kind.STRING);
      case BINARY, VARBINARY, BLOB -> StorageType.of(StorageType.Kind.BYTES);
      case DATE -> StorageType.of(StorageType.Kind.DATE);
      case TIME -> StorageType.of(StorageType.Kind.TIME);
      case TIMESTAMP -> StorageType.of(StorageType.Kind.TIMESTAMP);
      case NULL -> throw new IllegalArgumentException("no column has the type NULL");
    };
  }

  /**
   * What rows older than the column show: its default if that is a literal. Key columns and columns
   * that the table began with are in every row, so it does not matter for them.
   */
  private static Object missingValue(ColumnSchema column) {
    if (column.defaultSql().isEmpty()) {
      return null;
    }
    String text = column.defaultSql().get().strip();
    int quote = text.indexOf('\'');
    boolean quoted = quote >= 0 && text.endsWith("'") && text.length() >= quote + 2;
    if (quoted && text.substring(0, quote).strip().matches("(?i)|DATE|TIME|TIMESTAMP")) {
      String inner = text.substring(quote + 1, text.length() - 1).replace("''", "'");
      return Values.fromUser(inner, column.type());
    }
    if (text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?") || text.matches("(?i)TRUE|FALSE")) {
      return Values.fromUser(text, column.type());
    }
    return null;
  }
}
