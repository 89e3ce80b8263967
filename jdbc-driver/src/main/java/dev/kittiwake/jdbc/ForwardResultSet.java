package dev.kittiwake.jdbc;

import dev.kittiwake.sql.RowCursor;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Rows as the session delivers them. A session has one cursor at a time, JDBC allows many open
 * result sets: when the connection runs another statement, the rows still unread move to memory
 * ({@link #detach}).
 */
final class ForwardResultSet extends BaseResultSet {
  private final JdbcConnection connection;
  private final int bufferRows;
  private RowCursor cursor; // null once detached or released
  private Deque<Object[]> buffered; // null until detached; the rows not read yet
  private SQLException failure; // of detaching; thrown when the reader gets there
  private Object[] row; // the current row once it is out of the cursor
  private long position; // rows read so far
  private boolean onRow;
  private boolean ended;

  ForwardResultSet(
      JdbcConnection connection,
      JdbcStatement statement,
      ColumnIndex index,
      RowCursor cursor,
      int bufferRows) {
    super(statement, index);
    this.connection = connection;
    this.cursor = cursor;
    this.bufferRows = bufferRows;
  }

  @Override
  public boolean next() throws SQLException {
    connection.lock();
    try {
      checkOpen();
      row = null;
      onRow = !ended && advance();
      if (onRow) {
        position++;
      } else {
        ended = true;
      }
      return onRow;
    } finally {
      connection.unlock();
    }
  }

  private boolean advance() throws SQLException {
    if (cursor != null) {
      try {
        return cursor.next();
      } catch (SqlError e) {
        ended = true;
        throw SQLExceptions.of(e);
      } catch (RuntimeException e) {
        ended = true;
        throw SQLExceptions.internal(e);
      }
    }
    row = buffered == null ? null : buffered.poll();
    if (row == null && failure != null) {
      ended = true;
      throw failure;
    }
    return row != null;
  }

  /**
   * Reads the rest into memory and lets the cursor go; a failure waits for the reader. The
   * connection's lock is held.
   */
  void detach() {
    if (cursor == null) {
      return;
    }
    if (onRow) {
      row = copy();
    }
    buffered = new ArrayDeque<>();
    Object[] current = row;
    try {
      while (!ended && cursor.next()) {
        if (buffered.size() == bufferRows) {
          failure = tooManyRows();
          break;
        }
        buffered.add(copy());
      }
    } catch (SqlError e) {
      failure = SQLExceptions.of(e);
    } catch (RuntimeException e) {
      failure = SQLExceptions.internal(e);
    } finally {
      row = current;
      closeCursor();
    }
  }

  private SQLException tooManyRows() {
    return SQLExceptions.of(
        SqlStates.TOO_LARGE,
        "more than "
            + bufferRows
            + " rows were unread when the connection ran another statement; read or close the"
            + " result set first, use a second connection, or raise bufferRows in the URL");
  }

  private Object[] copy() {
    Object[] values = new Object[columns().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = cursor.value(i);
    }
    return values;
  }

  private void closeCursor() {
    RowCursor closing = cursor;
    cursor = null;
    if (closing != null) {
      connection.detached(this);
      try {
        closing.close();
      } catch (SqlError e) {
        failure = failure == null ? SQLExceptions.of(e) : failure;
      }
    }
  }

  @Override
  void release() throws SQLException {
    connection.lock();
    try {
      failure = null;
      closeCursor();
      buffered = null;
      row = null;
      if (failure != null) {
        throw failure; // in autocommit mode closing the cursor ends the transaction
      }
    } finally {
      connection.unlock();
    }
  }

  @Override
  void checkRow() throws SQLException {
    if (!onRow || isClosed()) {
      checkOpen();
      throw SQLExceptions.of(
          SQLExceptions.CURSOR_STATE,
          ended ? "the result set is past its last row" : "call next() before reading a row");
    }
  }

  @Override
  Object value(int column) throws SQLException {
    return row != null ? row[column] : cursor.value(column);
  }

  @Override
  boolean isNull(int column) throws SQLException {
    return row != null ? row[column] == null : cursor.isNull(column);
  }

  @Override
  long longValue(int column) throws SQLException {
    return row != null ? ((Number) row[column]).longValue() : cursor.longValue(column);
  }

  @Override
  public int getType() throws SQLException {
    checkOpen();
    return TYPE_FORWARD_ONLY;
  }

  @Override
  public int getRow() throws SQLException {
    checkOpen();
    return onRow ? (int) position : 0;
  }

  @Override
  public boolean isBeforeFirst() throws SQLException {
    checkOpen();
    return position == 0 && !ended;
  }

  @Override
  public boolean isAfterLast() throws SQLException {
    checkOpen();
    return ended && position > 0;
  }

  @Override
  public boolean isFirst() throws SQLException {
    checkOpen();
    return onRow && position == 1;
  }

  @Override
  public boolean isLast() throws SQLException {
    throw forwardOnly("isLast");
  }

  @Override
  public void beforeFirst() throws SQLException {
    throw forwardOnly("beforeFirst");
  }

  @Override
  public void afterLast() throws SQLException {
    throw forwardOnly("afterLast");
  }

  @Override
  public boolean first() throws SQLException {
    throw forwardOnly("first");
  }

  @Override
  public boolean last() throws SQLException {
    throw forwardOnly("last");
  }

  @Override
  public boolean absolute(int wanted) throws SQLException {
    throw forwardOnly("absolute");
  }

  @Override
  public boolean relative(int rows) throws SQLException {
    throw forwardOnly("relative");
  }

  @Override
  public boolean previous() throws SQLException {
    throw forwardOnly("previous");
  }

  private SQLException forwardOnly(String method) throws SQLException {
    checkOpen();
    return SQLExceptions.of(
        SQLExceptions.FUNCTION_SEQUENCE,
        method
            + " needs a statement made with ResultSet.TYPE_SCROLL_INSENSITIVE; this one is forward"
            + " only");
  }
}
