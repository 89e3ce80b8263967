package dev.kittiwake.jdbc;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;

/** What result sets share beside columns: owner, life, hints. */
abstract class BaseResultSet extends TypedResultSet {
  private final JdbcStatement statement; // null: the result set of a metadata call
  private boolean closed;
  private int fetchSize;
  private int fetchDirection = FETCH_FORWARD;

  BaseResultSet(JdbcStatement statement, ColumnIndex index) {
    super(index, statement == null ? 0 : statement.maxFieldSize());
    this.statement = statement;
    this.fetchSize = statement == null ? 0 : statement.fetchSize();
  }

  /** Frees what the rows hold. Called once. */
  abstract void release() throws SQLException;

  @Override
  void checkOpen() throws SQLException {
    if (isClosed()) {
      throw SQLExceptions.resultSetClosed();
    }
  }

  @Override
  public boolean isClosed() throws SQLException {
    return closed || (statement != null && statement.isClosed());
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      release();
    } finally {
      if (statement != null) {
        statement.resultClosed(this);
      }
    }
  }

  @Override
  public Statement getStatement() throws SQLException {
    checkOpen();
    return statement;
  }

  @Override
  public SQLWarning getWarnings() throws SQLException {
    checkOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    checkOpen();
  }

  @Override
  public String getCursorName() throws SQLException {
    throw SQLExceptions.notSupported("named cursors are not");
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    checkOpen();
    if (rows < 0) {
      throw SQLExceptions.invalidArgument("fetch size " + rows + " is negative");
    }
    fetchSize = rows;
  }

  @Override
  public int getFetchSize() throws SQLException {
    checkOpen();
    return fetchSize;
  }

  /** A hint: taken, remembered, without effect. */
  @Override
  public void setFetchDirection(int direction) throws SQLException {
    checkOpen();
    if (direction != FETCH_FORWARD && direction != FETCH_REVERSE && direction != FETCH_UNKNOWN) {
      throw SQLExceptions.invalidArgument("fetch direction " + direction + " does not exist");
    }
    if (direction != FETCH_FORWARD && getType() == TYPE_FORWARD_ONLY) {
      throw SQLExceptions.invalidArgument("a forward-only result set is fetched forward only");
    }
    fetchDirection = direction;
  }

  @Override
  public int getFetchDirection() throws SQLException {
    checkOpen();
    return fetchDirection;
  }

  @Override
  public int getHoldability() throws SQLException {
    checkOpen();
    return statement == null ? HOLD_CURSORS_OVER_COMMIT : statement.getResultSetHoldability();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrappers.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
