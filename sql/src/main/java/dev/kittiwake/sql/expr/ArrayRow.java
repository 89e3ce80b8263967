package dev.kittiwake.sql.expr;

/** A row of values at rest. */
public final class ArrayRow extends Row {
  /** The row without columns. */
  public static final ArrayRow EMPTY = new ArrayRow(new Object[0]);

  private final Object[] values;

  /** Takes {@code values} over. */
  public ArrayRow(Object[] values) {
    this.values = values;
  }

  @Override
  public int width() {
    return values.length;
  }

  @Override
  public Object value(int column) {
    return values[column];
  }

  @Override
  public Object[] values() {
    return values;
  }

  @Override
  public Row copy() {
    return this;
  }
}
