package dev.kittiwake.jdbc;

import java.sql.SQLException;
import java.util.List;

/** Rows in memory, read in any order: scrollable queries, metadata, generated keys. */
final class ScrollableResultSet extends BaseResultSet {
  private final List<Object[]> rows;
  private final int type;
  private int position; // 0 = before the first row, rows.size() + 1 = after the last

  /** {@code type} is what {@code getType} answers. */
  ScrollableResultSet(JdbcStatement statement, ColumnIndex index, List<Object[]> rows, int type) {
    super(statement, index);
    this.rows = rows;
    this.type = type;
  }

  /** A result of a metadata call. */
  static ScrollableResultSet ofMetadata(ColumnIndex index, List<Object[]> rows) {
    return new ScrollableResultSet(null, index, rows, TYPE_SCROLL_INSENSITIVE);
  }

  @Override
  void release() {
    position = 0;
  }

  @Override
  void checkRow() throws SQLException {
    checkOpen();
    if (!onRow()) {
      throw SQLExceptions.of(
          SQLExceptions.CURSOR_STATE,
          position == 0
              ? "call next() before reading a row"
              : "the result set is past its last row");
    }
  }

  private boolean onRow() {
    return position >= 1 && position <= rows.size();
  }

  @Override
  Object value(int column) {
    return rows.get(position - 1)[column];
  }

  @Override
  boolean isNull(int column) {
    return value(column) == null;
  }

  @Override
  long longValue(int column) {
    return ((Number) value(column)).longValue();
  }

  /** Moves to {@code wanted}, cut to the ends. */
  private boolean moveTo(long wanted) {
    position = (int) Math.max(0, Math.min(wanted, rows.size() + 1L));
    return onRow();
  }

  @Override
  public boolean next() throws SQLException {
    checkOpen();
    return moveTo(position + 1L);
  }

  @Override
  public boolean previous() throws SQLException {
    checkScrollable();
    return moveTo(position - 1L);
  }

  @Override
  public boolean first() throws SQLException {
    checkScrollable();
    return moveTo(rows.isEmpty() ? 0 : 1);
  }

  @Override
  public boolean last() throws SQLException {
    checkScrollable();
    return moveTo(rows.size());
  }

  @Override
  public void beforeFirst() throws SQLException {
    checkScrollable();
    position = 0;
  }

  @Override
  public void afterLast() throws SQLException {
    checkScrollable();
    position = rows.isEmpty() ? 0 : rows.size() + 1;
  }

  @Override
  public boolean absolute(int wanted) throws SQLException {
    checkScrollable();
    return moveTo(wanted >= 0 ? wanted : rows.size() + 1L + wanted);
  }

  @Override
  public boolean relative(int distance) throws SQLException {
    checkScrollable();
    return moveTo((long) position + distance);
  }

  private void checkScrollable() throws SQLException {
    checkOpen();
    if (type == TYPE_FORWARD_ONLY) {
      throw SQLExceptions.of(SQLExceptions.FUNCTION_SEQUENCE, "the result set is forward only");
    }
  }

  @Override
  public boolean isBeforeFirst() throws SQLException {
    checkOpen();
    return position == 0 && !rows.isEmpty();
  }

  @Override
  public boolean isAfterLast() throws SQLException {
    checkOpen();
    return position > rows.size() && !rows.isEmpty();
  }

  @Override
  public boolean isFirst() throws SQLException {
    checkOpen();
    return position == 1 && onRow();
  }

  @Override
  public boolean isLast() throws SQLException {
    checkOpen();
    return position == rows.size() && onRow();
  }

  @Override
  public int getRow() throws SQLException {
    checkOpen();
    return onRow() ? position : 0;
  }

  @Override
  public int getType() throws SQLException {
    checkOpen();
    return type;
  }
}
