package dev.kittiwake.sql;

import java.util.Iterator;
import java.util.List;

/** Rows at rest. */
final class ListCursor implements RowCursor {
  private final Iterator<Object[]> rows;
  private Object[] row;

  ListCursor(List<Object[]> rows) {
    this.rows = rows.iterator();
  }

  @Override
  public boolean next() {
    row = rows.hasNext() ? rows.next() : null;
    return row != null;
  }

  @Override
  public Object value(int column) {
    return row[column];
  }

  @Override
  public void close() {
    row = null;
  }
}
