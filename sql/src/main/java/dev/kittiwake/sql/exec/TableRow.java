package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.row.RowView;
import dev.kittiwake.sql.row.TableLayout;

/** Some columns of a stored row, decoded when asked for. */
final class TableRow extends Row {
  private final RowView view;
  private final int[] columns;

  TableRow(TableLayout table, int[] columns) {
    this.view = new RowView(table);
    this.columns = columns;
  }

  TableRow of(byte[] key, byte[] row) {
    view.reset(key, row);
    return this;
  }

  byte[] key() {
    return view.key();
  }

  @Override
  public int width() {
    return columns.length;
  }

  @Override
  public Object value(int column) {
    return view.value(columns[column]);
  }

  @Override
  public boolean isNull(int column) {
    return view.isNull(columns[column]);
  }

  @Override
  public long longValue(int column) {
    return view.longValue(columns[column]);
  }
}
