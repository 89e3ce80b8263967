package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.expr.ArrayRow;
import dev.kittiwake.sql.expr.EvalContext;
import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.plan.KeyRange;
import dev.kittiwake.sql.row.IndexCodec;
import dev.kittiwake.sql.row.IndexLayout;
import dev.kittiwake.sql.row.KeyWriter;
import dev.kittiwake.sql.row.TableKeys;
import dev.kittiwake.sql.row.TableLayout;
import java.util.List;
import java.util.Optional;

/**
 * How a plan node reads its table: by primary key or by an index, and which columns it yields.
 * Immutable, shared.
 */
final class TableAccess {
  final TableSchema schema;
  final TableLayout table;
  final IndexLayout index; // null: by primary key
  final int[] columns;
  final boolean covered; // the index entry alone holds the columns
  private final byte[] rowPrefix;
  private final byte[] keyBase; // what the keys of the access path begin with
  private final RangeEncoder encoder;

  TableAccess(
      TableSchema schema,
      Optional<IndexSchema> usedIndex,
      List<Integer> columns,
      List<KeyRange> ranges) {
    this.schema = schema;
    this.table = Layouts.of(schema);
    this.index = usedIndex.map(used -> table.index(used.id())).orElse(null);
    this.columns = Layouts.ordinals(columns);
    this.rowPrefix = TableKeys.rowPrefix(schema.id());
    this.keyBase = index == null ? rowPrefix : TableKeys.indexPrefix(schema.id(), index.id());
    this.covered = index != null && covers(this.columns);
    this.encoder = new RangeEncoder(keyBase, plainInteger(), keyTypes(), ranges);
  }

  private boolean plainInteger() {
    return index == null && table.hasIntegerHandle();
  }

  private List<SqlType> keyTypes() {
    List<SqlType> types = new java.util.ArrayList<>();
    if (index != null) {
      for (int column : index.columns()) {
        types.add(schema.typeOf(column));
      }
    }
    if (index == null || !index.unique()) {
      for (int column : table.keyColumns()) {
        types.add(schema.typeOf(column));
      }
    }
    return types;
  }

  private boolean covers(int[] wanted) {
    for (int column : wanted) {
      boolean held = table.isKeyColumn(column);
      for (int own : index.columns()) {
        held |= own == column;
      }
      if (!held) {
        return false;
      }
    }
    return true;
  }

  List<RangeEncoder.Bytes> ranges(EvalContext context) {
    return encoder.encode(context);
  }

  /**
   * The key for the values of all key columns: of a row, or of a unique index's entry; null if the
   * values can find nothing.
   */
  byte[] pointKey(List<Expression> values, Row row, EvalContext context) {
    KeyWriter out = new KeyWriter(keyBase.length + 10 * values.size());
    out.writeBytes(keyBase);
    return encoder.writePrefix(values, row, context, out) ? out.toBytes() : null;
  }

  byte[] rowKeyOf(byte[] indexKey, byte[] indexValue) {
    byte[] handle = IndexCodec.handle(table, index, indexKey, indexValue);
    KeyWriter out = new KeyWriter(rowPrefix.length + handle.length);
    return out.writeBytes(rowPrefix).writeBytes(handle).toBytes();
  }

  /** The yielded columns out of an index entry that covers them. */
  Row coveredRow(byte[] indexKey, byte[] indexValue) {
    Object[] all = new Object[table.width()];
    IndexCodec.decode(table, index, indexKey, indexValue, all);
    Object[] values = new Object[columns.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = all[columns[i]];
    }
    return new ArrayRow(values);
  }

  TableRow newRow() {
    return new TableRow(table, columns);
  }

  SqlError corrupt(String what) {
    return SqlError.of(SqlStates.INTERNAL, "table " + schema.fullName() + " is damaged: " + what);
  }
}
