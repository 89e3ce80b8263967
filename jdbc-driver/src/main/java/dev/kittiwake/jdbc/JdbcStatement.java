package dev.kittiwake.jdbc;

import dev.kittiwake.sql.BatchResult;
import dev.kittiwake.sql.ExecuteOptions;
import dev.kittiwake.sql.GeneratedKeys;
import dev.kittiwake.sql.Result;
import dev.kittiwake.sql.RowCursor;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A statement: settings, and the result of its last execution. Executing, closing and the like take
 * the connection's lock; {@link #cancel} does not.
 */
class JdbcStatement implements Statement {
  private final JdbcConnection connection;
  private final int resultSetType;
  private final int holdability;
  private int fetchSize;
  private int queryTimeoutSeconds;
  private long maxRows;
  private int maxFieldSize;
  private boolean poolable;
  private boolean closeOnCompletion;
  private volatile boolean closed;
  private BaseResultSet current; // null: the last result was a count, or there is none
  private long updateCount = -1; // -1: the last result was rows, or there is none
  private GeneratedKeys keys = GeneratedKeys.NONE;
  private SQLWarning warnings;
  private final List<String> batch = new ArrayList<>();

  JdbcStatement(JdbcConnection connection, int resultSetType, int holdability, SQLWarning warnings)
      throws SQLException {
    this.connection = connection;
    this.resultSetType = resultSetType;
    this.holdability = holdability;
    this.warnings = warnings;
    this.fetchSize = connection.settings().fetchSize();
    this.queryTimeoutSeconds = connection.settings().queryTimeoutSeconds();
  }

  final void checkOpen() throws SQLException {
    if (closed) {
      throw SQLExceptions.statementClosed();
    }
    connection.checkOpen();
  }

  final JdbcConnection connection() {
    return connection;
  }

  final int fetchSize() {
    return fetchSize;
  }

  final int maxFieldSize() {
    return maxFieldSize;
  }

  final ExecuteOptions options(KeyRequest keyRequest) {
    return new ExecuteOptions(queryTimeoutSeconds * 1000L, maxRows, fetchSize, keyRequest.wanted());
  }

  /** Executes and keeps the result; answers whether it is rows. */
  final boolean run(PreparedText text, List<Object> parameters, KeyRequest keyRequest)
      throws SQLException {
    connection.lock();
    try {
      checkOpen();
      dropResults();
      connection.begin(this);
      Result result = connection.session().execute(text.sql(), parameters, options(keyRequest));
      accept(result, text, keyRequest);
      return current != null;
    } catch (SqlError e) {
      throw SQLExceptions.of(e);
    } catch (RuntimeException e) {
      throw SQLExceptions.internal(e);
    } finally {
      connection.unlock();
    }
  }

  private void accept(Result result, PreparedText text, KeyRequest keyRequest) throws SQLException {
    if (result instanceof Result.Rows rows) {
      current = resultSet(rows, text.columnIndex(rows.columns()));
    } else {
      Result.Count count = (Result.Count) result;
      updateCount = count.updateCount();
      keys =
          keyRequest.wanted()
              ? keyRequest.select(count.generatedKeys(), connection.session()::catalog)
              : GeneratedKeys.NONE;
    }
  }

  private BaseResultSet resultSet(Result.Rows rows, ColumnIndex index) throws SQLException {
    if (resultSetType == ResultSet.TYPE_FORWARD_ONLY) {
      ForwardResultSet forward =
          new ForwardResultSet(
              connection, this, index, rows.cursor(), connection.settings().bufferRows());
      connection.attach(forward);
      return forward;
    }
    try (RowCursor cursor = rows.cursor()) {
      return new ScrollableResultSet(this, index, readAll(cursor, index), resultSetType);
    }
  }

  private List<Object[]> readAll(RowCursor cursor, ColumnIndex index) throws SQLException {
    int most = connection.settings().bufferRows();
    List<Object[]> read = new ArrayList<>();
    while (cursor.next()) {
      if (read.size() == most) {
        throw SQLExceptions.of(
            SqlStates.TOO_LARGE,
            "a scrollable result set is kept in memory, and this one has more than "
                + most
                + " rows; use a forward-only one, or raise bufferRows in the URL");
      }
      Object[] row = new Object[index.columns().size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = cursor.value(i);
      }
      read.add(row);
    }
    return read;
  }

  /** Executes one statement for each row of parameters, as one unit. */
  final long[] runBatch(PreparedText text, List<List<Object>> rows, KeyRequest keyRequest)
      throws SQLException {
    connection.lock();
    try {
      checkOpen();
      dropResults();
      if (rows.isEmpty()) {
        return new long[0];
      }
      connection.begin(this);
      BatchResult result = connection.session().executeBatch(text.sql(), rows, options(keyRequest));
      keys =
          keyRequest.wanted()
              ? keyRequest.select(result.generatedKeys(), connection.session()::catalog)
              : GeneratedKeys.NONE;
      return result.updateCounts();
    } catch (SqlError e) {
      long[] counts = new long[rows.size()];
      Arrays.fill(counts, EXECUTE_FAILED); // one unit: nothing of it stays
      throw batchFailure(SQLExceptions.of(e), counts);
    } catch (RuntimeException e) {
      throw SQLExceptions.internal(e);
    } finally {
      connection.unlock();
    }
  }

  private static BatchUpdateException batchFailure(SQLException why, long[] counts) {
    BatchUpdateException failure =
        new BatchUpdateException(
            why.getMessage(), why.getSQLState(), why.getErrorCode(), counts, why);
    failure.setNextException(why);
    return failure;
  }

  /** {@code rows} says which of the two kinds the called method is for. */
  static void checkKind(PreparedText text, boolean rows, String method) throws SQLException {
    if (text.returnsRows() != rows) {
      throw SQLExceptions.of(
          SQLExceptions.WRONG_KIND_OF_STATEMENT,
          method
              + (rows ? " needs a statement that returns rows" : " is for statements without rows")
              + "; use execute() if you do not know");
    }
  }

  /** Before the next execution: its results replace these. */
  final void dropResults() throws SQLException {
    boolean closing = closeOnCompletion;
    closeOnCompletion = false; // an execution is no completion
    try {
      if (current != null) {
        current.close();
      }
    } finally {
      closeOnCompletion = closing;
      current = null;
      updateCount = -1;
      keys = GeneratedKeys.NONE;
    }
  }

  /** A result set of this statement was closed. */
  final void resultClosed(BaseResultSet closing) throws SQLException {
    if (closing == current && closeOnCompletion && !closed) {
      close();
    }
  }

  private PreparedText text(String sql) throws SQLException {
    if (sql == null || sql.isBlank()) {
      throw SQLExceptions.of(SqlStates.SYNTAX, "the statement is empty");
    }
    PreparedText text = PreparedText.of(sql);
    if (text.parameterCount() > 0) {
      throw SQLExceptions.of(
          SqlStates.SYNTAX,
          "the statement has parameters (?); use prepareStatement and set their values");
    }
    return text;
  }

  private boolean execute(String sql, KeyRequest keyRequest) throws SQLException {
    checkNotPrepared();
    checkOpen();
    return run(text(sql), List.of(), keyRequest);
  }

  private long update(String sql, KeyRequest keyRequest) throws SQLException {
    checkNotPrepared();
    checkOpen();
    PreparedText text = text(sql);
    checkKind(text, false, "executeUpdate");
    run(text, List.of(), keyRequest);
    return getLargeUpdateCount();
  }

  /** A prepared statement has its SQL already. */
  void checkNotPrepared() throws SQLException {}

  static int toInt(long count) {
    return count > Integer.MAX_VALUE ? SUCCESS_NO_INFO : (int) count;
  }

  static int[] toInts(long[] counts) {
    return Arrays.stream(counts).mapToInt(JdbcStatement::toInt).toArray();
  }

  @Override
  public ResultSet executeQuery(String sql) throws SQLException {
    checkNotPrepared();
    checkOpen();
    PreparedText text = text(sql);
    checkKind(text, true, "executeQuery");
    run(text, List.of(), KeyRequest.NONE);
    return current;
  }

  @Override
  public boolean execute(String sql) throws SQLException {
    return execute(sql, KeyRequest.NONE);
  }

  @Override
  public boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
    return execute(sql, KeyRequest.of(autoGeneratedKeys));
  }

  @Override
  public boolean execute(String sql, int[] columns) throws SQLException {
    return execute(sql, KeyRequest.ofPositions(columns));
  }

  @Override
  public boolean execute(String sql, String[] columns) throws SQLException {
    return execute(sql, KeyRequest.ofNames(columns));
  }

  @Override
  public int executeUpdate(String sql) throws SQLException {
    return toInt(update(sql, KeyRequest.NONE));
  }

  @Override
  public int executeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
    return toInt(update(sql, KeyRequest.of(autoGeneratedKeys)));
  }

  @Override
  public int executeUpdate(String sql, int[] columns) throws SQLException {
    return toInt(update(sql, KeyRequest.ofPositions(columns)));
  }

  @Override
  public int executeUpdate(String sql, String[] columns) throws SQLException {
    return toInt(update(sql, KeyRequest.ofNames(columns)));
  }

  @Override
  public long executeLargeUpdate(String sql) throws SQLException {
    return update(sql, KeyRequest.NONE);
  }

  @Override
  public long executeLargeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
    return update(sql, KeyRequest.of(autoGeneratedKeys));
  }

  @Override
  public long executeLargeUpdate(String sql, int[] columns) throws SQLException {
    return update(sql, KeyRequest.ofPositions(columns));
  }

  @Override
  public long executeLargeUpdate(String sql, String[] columns) throws SQLException {
    return update(sql, KeyRequest.ofNames(columns));
  }

  @Override
  public void addBatch(String sql) throws SQLException {
    checkNotPrepared();
    checkOpen();
    PreparedText text = text(sql);
    checkKind(text, false, "addBatch");
    batch.add(sql);
  }

  @Override
  public void clearBatch() throws SQLException {
    checkOpen();
    batch.clear();
  }

  @Override
  public int[] executeBatch() throws SQLException {
    return toInts(executeLargeBatch());
  }

  /** Different statements: one after the other, up to the first that fails. */
  @Override
  public long[] executeLargeBatch() throws SQLException {
    checkOpen();
    List<String> statements = List.copyOf(batch);
    batch.clear();
    long[] counts = new long[statements.size()];
    for (int i = 0; i < counts.length; i++) {
      try {
        run(PreparedText.of(statements.get(i)), List.of(), KeyRequest.NONE);
        counts[i] = updateCount;
      } catch (SQLException e) {
        throw batchFailure(e, Arrays.copyOf(counts, i));
      }
    }
    dropResults();
    return counts;
  }

  @Override
  public ResultSet getResultSet() throws SQLException {
    checkOpen();
    return current;
  }

  @Override
  public int getUpdateCount() throws SQLException {
    return toInt(getLargeUpdateCount());
  }

  @Override
  public long getLargeUpdateCount() throws SQLException {
    checkOpen();
    return updateCount;
  }

  /** There is never a second result: a statement string holds one statement. */
  @Override
  public boolean getMoreResults() throws SQLException {
    return getMoreResults(CLOSE_CURRENT_RESULT);
  }

  @Override
  public boolean getMoreResults(int what) throws SQLException {
    checkOpen();
    if (what == CLOSE_CURRENT_RESULT || what == CLOSE_ALL_RESULTS) {
      if (current != null) {
        current.close();
      }
    } else if (what != KEEP_CURRENT_RESULT) {
      throw SQLExceptions.invalidArgument("getMoreResults(" + what + ") does not exist");
    }
    current = null;
    updateCount = -1;
    return false;
  }

  @Override
  public ResultSet getGeneratedKeys() throws SQLException {
    checkOpen();
    return new ScrollableResultSet(
        this, new ColumnIndex(keys.columns()), keys.rows(), ResultSet.TYPE_FORWARD_ONLY);
  }

  /** Any thread; harmless if this statement is not the one that runs. */
  @Override
  public void cancel() throws SQLException {
    // From another thread, so the statement may end and be closed at any moment: too late is no
    // error.
    if (!closed) {
      connection.cancel(this);
    }
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    batch.clear();
    if (current != null) {
      current.close();
    }
  }

  @Override
  public boolean isClosed() {
    return closed || connection.isClosed();
  }

  @Override
  public void closeOnCompletion() throws SQLException {
    checkOpen();
    closeOnCompletion = true;
  }

  @Override
  public boolean isCloseOnCompletion() throws SQLException {
    checkOpen();
    return closeOnCompletion;
  }

  @Override
  public Connection getConnection() throws SQLException {
    checkOpen();
    return connection;
  }

  @Override
  public int getQueryTimeout() throws SQLException {
    checkOpen();
    return queryTimeoutSeconds;
  }

  @Override
  public void setQueryTimeout(int seconds) throws SQLException {
    checkOpen();
    queryTimeoutSeconds = (int) notNegative(seconds, "query timeout");
  }

  @Override
  public int getFetchSize() throws SQLException {
    checkOpen();
    return fetchSize;
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    checkOpen();
    fetchSize = (int) notNegative(rows, "fetch size");
  }

  @Override
  public int getMaxRows() throws SQLException {
    return (int) Math.min(Integer.MAX_VALUE, getLargeMaxRows());
  }

  @Override
  public void setMaxRows(int rows) throws SQLException {
    setLargeMaxRows(rows);
  }

  @Override
  public long getLargeMaxRows() throws SQLException {
    checkOpen();
    return maxRows;
  }

  @Override
  public void setLargeMaxRows(long rows) throws SQLException {
    checkOpen();
    maxRows = notNegative(rows, "max rows");
  }

  @Override
  public int getMaxFieldSize() throws SQLException {
    checkOpen();
    return maxFieldSize;
  }

  @Override
  public void setMaxFieldSize(int size) throws SQLException {
    checkOpen();
    maxFieldSize = (int) notNegative(size, "max field size");
  }

  private static long notNegative(long value, String what) throws SQLException {
    if (value < 0) {
      throw SQLExceptions.invalidArgument(what + " " + value + " is negative");
    }
    return value;
  }

  /** The parser reads JDBC escapes such as {@code {ts '…'}} always. */
  @Override
  public void setEscapeProcessing(boolean enable) throws SQLException {
    checkOpen();
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    checkOpen();
    if (direction != ResultSet.FETCH_FORWARD
        && direction != ResultSet.FETCH_REVERSE
        && direction != ResultSet.FETCH_UNKNOWN) {
      throw SQLExceptions.invalidArgument("fetch direction " + direction + " does not exist");
    }
  }

  @Override
  public int getFetchDirection() throws SQLException {
    checkOpen();
    return ResultSet.FETCH_FORWARD;
  }

  @Override
  public void setCursorName(String name) throws SQLException {
    throw SQLExceptions.notSupported("named cursors are not");
  }

  @Override
  public int getResultSetType() throws SQLException {
    checkOpen();
    return resultSetType;
  }

  @Override
  public int getResultSetConcurrency() throws SQLException {
    checkOpen();
    return ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public int getResultSetHoldability() throws SQLException {
    checkOpen();
    return holdability;
  }

  @Override
  public SQLWarning getWarnings() throws SQLException {
    checkOpen();
    return warnings;
  }

  @Override
  public void clearWarnings() throws SQLException {
    checkOpen();
    warnings = null;
  }

  @Override
  public boolean isPoolable() throws SQLException {
    checkOpen();
    return poolable;
  }

  @Override
  public void setPoolable(boolean wanted) throws SQLException {
    checkOpen();
    poolable = wanted;
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
