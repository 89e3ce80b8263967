package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.row.IndexCodec;
import dev.kittiwake.sql.row.IndexLayout;
import dev.kittiwake.sql.row.RowCodec;
import dev.kittiwake.sql.row.TableKeys;
import dev.kittiwake.sql.row.TableLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Turns changes of rows into changes of keys: the row's and those of all its indexes. Immutable,
 * shared.
 */
final class TableWriter {
  final TableSchema schema;
  final TableLayout table;
  private final IndexLayout[] indexes;
  private final boolean[] deleteOnly;

  TableWriter(TableSchema schema) {
    this.schema = schema;
    this.table = Layouts.of(schema);
    List<IndexSchema> all = schema.indexes();
    this.indexes = new IndexLayout[all.size()];
    this.deleteOnly = new boolean[all.size()];
    for (int i = 0; i < indexes.length; i++) {
      indexes[i] = table.index(all.get(i).id());
      deleteOnly[i] = all.get(i).state() == IndexSchema.State.DELETE_ONLY;
    }
  }

  /** Checks and converts the visible columns of a row in place. */
  void check(Object[] row) {
    for (int i = 0; i < schema.columns().size(); i++) {
      row[i] = ColumnChecks.stored(row[i], schema.columns().get(i), schema);
    }
  }

  byte[] rowKey(Object[] row) {
    return TableKeys.rowKey(table, row);
  }

  /**
   * @param freshKey whether the row's key is known to be new (a hidden row id)
   */
  void insert(Object[] row, boolean freshKey, ChangeSet changes) {
    byte[] key = rowKey(row);
    byte[] value = RowCodec.encode(table, row);
    if (freshKey) {
      changes.put(key, value);
    } else {
      changes.insert(key, value);
    }
    byte[] handle = TableKeys.handleOf(key);
    for (int i = 0; i < indexes.length; i++) {
      if (!deleteOnly[i]) {
        add(IndexCodec.entry(table, indexes[i], row, handle), changes);
      }
    }
  }

  private static void add(IndexCodec.Entry entry, ChangeSet changes) {
    if (entry.unique()) {
      changes.insert(entry.key(), entry.value());
    } else {
      changes.put(entry.key(), entry.value());
    }
  }

  void delete(Object[] row, ChangeSet changes) {
    byte[] key = rowKey(row);
    changes.delete(key);
    byte[] handle = TableKeys.handleOf(key);
    for (IndexLayout index : indexes) {
      changes.delete(IndexCodec.entry(table, index, row, handle).key());
    }
  }

  void update(Object[] before, Object[] after, ChangeSet changes) {
    byte[] key = rowKey(before);
    byte[] newKey = rowKey(after);
    if (!Arrays.equals(key, newKey)) {
      delete(before, changes);
      insert(after, false, changes);
      return;
    }
    if (Arrays.deepEquals(before, after)) {
      return;
    }
    changes.put(key, RowCodec.encode(table, after));
    byte[] handle = TableKeys.handleOf(key);
    for (int i = 0; i < indexes.length; i++) {
      IndexCodec.Entry old = IndexCodec.entry(table, indexes[i], before, handle);
      IndexCodec.Entry now = IndexCodec.entry(table, indexes[i], after, handle);
      if (!Arrays.equals(old.key(), now.key())) {
        changes.delete(old.key());
        if (!deleteOnly[i]) {
          add(now, changes);
        }
      }
    }
  }
}
