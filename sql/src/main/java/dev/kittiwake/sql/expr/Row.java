package dev.kittiwake.sql.expr;

/**
 * One row between operators. It may be a view that the operator moves on: it is valid until the
 * operator is asked for the next row; {@link #copy} what must stay.
 */
public abstract class Row {
  public abstract int width();

  /** The value, or null. */
  public abstract Object value(int column);

  public boolean isNull(int column) {
    return value(column) == null;
  }

  /** The value of an integer column that is not NULL. */
  public long longValue(int column) {
    return (Long) value(column);
  }

  /** The values, in an array of its own. */
  public Object[] values() {
    Object[] values = new Object[width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(i);
    }
    return values;
  }

  /** A row that stays. */
  public Row copy() {
    return new ArrayRow(values());
  }
}
