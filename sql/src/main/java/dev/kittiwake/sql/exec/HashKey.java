package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.expr.Ordering;
import dev.kittiwake.sql.expr.Row;
import java.util.Arrays;

/** Values of some columns as the key of a hash table. */
final class HashKey {
  private final Object[] values;
  private final int hash;

  private HashKey(Object[] values) {
    this.values = values;
    this.hash = Arrays.hashCode(values);
  }

  /** The key of a row: one column is its own key. */
  static Object of(Row row, int[] columns) {
    if (columns.length == 1) {
      Object value = Ordering.hashable(row.value(columns[0]));
      return value == null ? Null.NULL : value;
    }
    Object[] values = new Object[columns.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Ordering.hashable(row.value(columns[i]));
    }
    return new HashKey(values);
  }

  private enum Null {
    NULL
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HashKey && Arrays.equals(values, ((HashKey) other).values);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
