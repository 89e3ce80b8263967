package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.expr.Values;
import dev.kittiwake.sql.row.DatumCodec;
import dev.kittiwake.sql.row.RowCodec;
import dev.kittiwake.sql.row.TableKeys;
import dev.kittiwake.sql.row.TableLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Says in words which key exists already. */
public final class Constraints {
  private Constraints() {}

  /** 23505 for a key of the store: names the constraint, its columns and the values. */
  public static SqlError duplicate(byte[] key, Catalog catalog, Throwable cause) {
    if (key.length > TableKeys.HANDLE_OFFSET && key[0] == 't') {
      long tableId = ByteBuffer.wrap(key, 1, 8).getLong() ^ Long.MIN_VALUE;
      Optional<TableSchema> table = catalog.table(tableId);
      if (table.isPresent()) {
        return duplicate(key, table.get(), cause);
      }
    }
    return SqlError.of(SqlStates.UNIQUE, "a key exists already: " + cause.getMessage(), cause);
  }

  static SqlError duplicate(byte[] key, TableSchema table, Throwable cause) {
    TableLayout layout = Layouts.of(table);
    if (key[10] == 'r') {
      Object[] row = new Object[layout.width()];
      RowCodec.decodeHandle(layout, TableKeys.handleOf(key), row);
      return error(primaryKeyName(table), table, table.keyOrdinals(), row, cause);
    }
    long indexId = ByteBuffer.wrap(key, 11, 8).getLong() ^ Long.MIN_VALUE;
    for (IndexSchema index : table.indexes()) {
      if (index.id() == indexId) {
        return error(
            index.name(), table, table.ordinals(index), indexValues(key, table, index), cause);
      }
    }
    return SqlError.of(
        SqlStates.UNIQUE, "a key of table " + table.fullName() + " exists already", cause);
  }

  private static Object[] indexValues(byte[] key, TableSchema table, IndexSchema index) {
    TableLayout layout = Layouts.of(table);
    Object[] row = new Object[layout.width()];
    int at = TableKeys.INDEX_COLUMNS_OFFSET;
    for (int column : table.ordinals(index)) {
      row[column] = DatumCodec.decode(key, at, layout.column(column).type());
      at += DatumCodec.lengthAt(key, at);
    }
    return row;
  }

  /** The name under which a primary key shows. */
  public static String primaryKeyName(TableSchema table) {
    return table.name() + "_pkey";
  }

  private static SqlError error(
      String constraint, TableSchema table, List<Integer> columns, Object[] row, Throwable cause) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int column : columns) {
      names.add(table.nameOf(column));
      values.add(Values.shown(row[column]));
    }
    return SqlError.of(
        SqlStates.UNIQUE,
        "duplicate key: "
            + constraint
            + " of table "
            + table.name()
            + " already holds ("
            + String.join(", ", names)
            + ") = ("
            + String.join(", ", values)
            + ")",
        cause);
  }

  /** Whether two arrays are the same bytes, null included. */
  static boolean same(byte[] a, byte[] b) {
    return Arrays.equals(a, b);
  }
}
