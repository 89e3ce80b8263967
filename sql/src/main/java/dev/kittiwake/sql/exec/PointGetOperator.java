package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.expr.ArrayRow;
import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.Row;
import java.util.List;

/** At most one row, by a complete key. */
final class PointGetOperator extends AccessOperator {
  private final TableAccess access;
  private final List<Expression> key;
  private final Expression filter; // null: none
  private final Execution execution;
  private final KvReader reader;
  private boolean done;
  private byte[] rowKey;

  PointGetOperator(
      TableAccess access,
      List<Expression> key,
      Expression filter,
      Execution execution,
      KvReader reader) {
    this.access = access;
    this.key = key;
    this.filter = filter;
    this.execution = execution;
    this.reader = reader;
  }

  @Override
  public Row next() {
    if (done) {
      return null;
    }
    done = true;
    byte[] at = access.pointKey(key, ArrayRow.EMPTY, execution);
    if (at == null) {
      return null;
    }
    byte[] value = reader.get(at);
    if (value == null) {
      return null;
    }
    Row row;
    if (access.index == null) {
      rowKey = at;
      row = access.newRow().of(at, value);
    } else {
      rowKey = access.rowKeyOf(at, value);
      if (access.covered) {
        row = access.coveredRow(at, value);
      } else {
        byte[] stored = reader.get(rowKey);
        if (stored == null) {
          return null;
        }
        row = access.newRow().of(rowKey, stored);
      }
    }
    if (filter != null && !filter.holds(row, execution)) {
      return null;
    }
    if (execution.collects()) {
      execution.read(rowKey);
    }
    return row;
  }

  @Override
  byte[] rowKey() {
    return rowKey;
  }
}
