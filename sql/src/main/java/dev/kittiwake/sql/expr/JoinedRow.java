package dev.kittiwake.sql.expr;

/** A left row followed by a right row; either may be missing, then its columns are NULL. */
public final class JoinedRow extends Row {
  private final int leftWidth;
  private final int rightWidth;
  private Row left;
  private Row right;

  public JoinedRow(int leftWidth, int rightWidth) {
    this.leftWidth = leftWidth;
    this.rightWidth = rightWidth;
  }

  /** Moves this row to a pair; null for the side that is missing. */
  public JoinedRow of(Row leftRow, Row rightRow) {
    this.left = leftRow;
    this.right = rightRow;
    return this;
  }

  @Override
  public int width() {
    return leftWidth + rightWidth;
  }

  @Override
  public Object value(int column) {
    if (column < leftWidth) {
      return left == null ? null : left.value(column);
    }
    return right == null ? null : right.value(column - leftWidth);
  }

  @Override
  public boolean isNull(int column) {
    if (column < leftWidth) {
      return left == null || left.isNull(column);
    }
    return right == null || right.isNull(column - leftWidth);
  }

  @Override
  public long longValue(int column) {
    return column < leftWidth ? left.longValue(column) : right.longValue(column - leftWidth);
  }
}
