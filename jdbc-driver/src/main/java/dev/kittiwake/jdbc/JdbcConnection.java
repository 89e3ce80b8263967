package dev.kittiwake.jdbc;

import dev.kittiwake.sql.Isolation;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlSession;
import dev.kittiwake.sql.SqlStates;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.ClientInfoStatus;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Struct;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One session. Its lock serialises the threads that use the connection, because a session takes one
 * at a time; {@link #cancel}, {@link #abort} and {@link #isClosed} do without.
 */
final class JdbcConnection implements Connection {
  private static final int[] ISOLATIONS = {
    TRANSACTION_READ_UNCOMMITTED,
    TRANSACTION_READ_COMMITTED,
    TRANSACTION_REPEATABLE_READ,
    TRANSACTION_SERIALIZABLE
  };

  private final SqlSession session;
  private final SharedSources.Lease lease;
  private final ConnectionSettings settings;
  private final StatementCache texts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Properties clientProperties = new Properties();
  private ForwardResultSet attached; // guarded by lock; reads from the session's cursor, or null
  private volatile JdbcStatement running; // the last statement that began
  private volatile boolean closed;
  private int holdability = ResultSet.HOLD_CURSORS_OVER_COMMIT;
  private int networkTimeoutMillis;
  private SQLWarning warnings;

  JdbcConnection(SqlSession session, SharedSources.Lease lease, ConnectionSettings settings)
      throws SQLException {
    this.session = session;
    this.lease = lease;
    this.settings = settings;
    this.texts = new StatementCache(settings.statementCacheSize());
    networkTimeout(settings.networkTimeoutMillis());
    for (String key : settings.ignored()) {
      warn("the connection property \"" + key + "\" is unknown and has no effect");
    }
  }

  /** What a call does with the session; the lock is held. */
  private interface Call<T> {
    T on(SqlSession session);
  }

  private <T> T call(Call<T> call) throws SQLException {
    lock.lock();
    try {
      checkOpen();
      return call.on(session);
    } catch (SqlError e) {
      throw SQLExceptions.of(e);
    } catch (RuntimeException e) {
      throw SQLExceptions.internal(e);
    } finally {
      lock.unlock();
    }
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  void checkOpen() throws SQLException {
    if (closed) {
      throw SQLExceptions.connectionClosed();
    }
  }

  SqlSession session() {
    return session;
  }

  ConnectionSettings settings() {
    return settings;
  }

  /** A statement is about to execute: the session's cursor is about to be replaced. */
  void begin(JdbcStatement statement) {
    detachOpenRows();
    running = statement;
  }

  void detachOpenRows() {
    if (attached != null) {
      attached.detach();
    }
  }

  void attach(ForwardResultSet resultSet) {
    attached = resultSet;
  }

  void detached(ForwardResultSet resultSet) {
    if (attached == resultSet) {
      attached = null;
    }
  }

  void cancel(JdbcStatement statement) {
    if (running == statement) {
      session.cancel();
    }
  }

  /** The end of a transaction: open rows stay readable if their statement wants it. */
  private void endOfTransaction() throws SQLException {
    if (attached != null && attached.getHoldability() == ResultSet.HOLD_CURSORS_OVER_COMMIT) {
      attached.detach();
    } else if (attached != null) {
      attached.close();
    }
  }

  @Override
  public void commit() throws SQLException {
    lock.lock();
    try {
      checkTransactionMode("commit");
      endOfTransaction();
      call(
          s -> {
            s.commit();
            return null;
          });
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void rollback() throws SQLException {
    lock.lock();
    try {
      checkTransactionMode("rollback");
      endOfTransaction();
      call(
          s -> {
            s.rollback();
            return null;
          });
    } finally {
      lock.unlock();
    }
  }

  /** JDBC forbids both in autocommit mode, unless the user wrote BEGIN. */
  private void checkTransactionMode(String method) throws SQLException {
    checkOpen();
    if (session.autoCommit() && !session.inTransaction()) {
      throw SQLExceptions.of(
          SqlStates.NO_TRANSACTION,
          method + " in autocommit mode; call setAutoCommit(false) first");
    }
  }

  @Override
  public void setAutoCommit(boolean autoCommit) throws SQLException {
    lock.lock();
    try {
      checkOpen();
      if (autoCommit && !session.autoCommit()) {
        endOfTransaction();
      }
      call(
          s -> {
            s.setAutoCommit(autoCommit);
            return null;
          });
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean getAutoCommit() throws SQLException {
    return call(SqlSession::autoCommit);
  }

  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    Isolation isolation =
        switch (level) {
          case TRANSACTION_READ_UNCOMMITTED, TRANSACTION_READ_COMMITTED -> Isolation.READ_COMMITTED;
          case TRANSACTION_REPEATABLE_READ -> Isolation.REPEATABLE_READ;
          case TRANSACTION_SERIALIZABLE -> Isolation.SERIALIZABLE;
          default ->
              throw SQLExceptions.invalidArgument(
                  "transaction isolation " + level + " is not one of Connection.TRANSACTION_*");
        };
    if (isolation == Isolation.SERIALIZABLE && !settings.session().serializableAsSnapshot()) {
      throw SQLExceptions.of(
          SqlStates.NOT_SUPPORTED,
          "SERIALIZABLE is not supported; use TRANSACTION_REPEATABLE_READ (snapshot isolation), or"
              + " add serializableAsSnapshot=true to the URL to run it as snapshot isolation");
    }
    call(
        s -> {
          s.setIsolation(isolation);
          return null;
        });
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    return ISOLATIONS[1 + call(SqlSession::isolation).ordinal()];
  }

  @Override
  public void setReadOnly(boolean readOnly) throws SQLException {
    call(
        s -> {
          s.setReadOnly(readOnly);
          return null;
        });
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    return call(SqlSession::readOnly);
  }

  @Override
  public void setSchema(String schema) throws SQLException {
    if (schema == null || schema.isBlank()) {
      throw SQLExceptions.invalidArgument("the schema name is empty");
    }
    call(
        s -> {
          s.setSchema(schema);
          return null;
        });
  }

  @Override
  public String getSchema() throws SQLException {
    return call(SqlSession::schema);
  }

  /** There are no catalogs; JDBC wants the call to be ignored then. */
  @Override
  public void setCatalog(String catalog) throws SQLException {
    checkOpen();
  }

  @Override
  public String getCatalog() throws SQLException {
    checkOpen();
    return null;
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    return savepoint(null);
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    if (name == null || name.isBlank()) {
      throw SQLExceptions.invalidArgument("the savepoint's name is empty");
    }
    return savepoint(name);
  }

  private Savepoint savepoint(String name) throws SQLException {
    lock.lock();
    try {
      detachOpenRows();
      return new JdbcSavepoint(this, call(s -> s.savepoint(name)));
    } finally {
      lock.unlock();
    }
  }

  private JdbcSavepoint own(Savepoint savepoint) throws SQLException {
    if (savepoint instanceof JdbcSavepoint own && own.connection() == this) {
      return own;
    }
    throw SQLExceptions.of(
        SqlStates.NO_SAVEPOINT, "the savepoint does not belong to this connection");
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    JdbcSavepoint own = own(savepoint);
    lock.lock();
    try {
      detachOpenRows();
      call(
          s -> {
            s.rollbackTo(own.mark());
            return null;
          });
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    JdbcSavepoint own = own(savepoint);
    call(
        s -> {
          s.release(own.mark());
          return null;
        });
  }

  @Override
  public void close() throws SQLException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      attached = null; // the session closes its cursor
      endSession();
    } finally {
      lock.unlock();
    }
  }

  private void endSession() throws SQLException {
    try {
      session.close();
    } catch (SqlError e) {
      throw SQLExceptions.of(e);
    } finally {
      lease.close();
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /** Ends a running statement and then the session, on {@code executor}. */
  @Override
  public void abort(Executor executor) throws SQLException {
    if (executor == null) {
      throw SQLExceptions.invalidArgument("abort needs an executor");
    }
    if (closed) {
      return;
    }
    closed = true;
    session.cancel();
    executor.execute(
        () -> {
          lock.lock(); // until the cancelled statement has left
          try {
            attached = null;
            endSession();
          } catch (SQLException e) {
            throw new IllegalStateException("abort: " + e.getMessage(), e);
          } finally {
            lock.unlock();
          }
        });
  }

  /** Local: a broken stream or a stopped engine has closed the session already. */
  @Override
  public boolean isValid(int timeoutSeconds) throws SQLException {
    if (timeoutSeconds < 0) {
      throw SQLExceptions.invalidArgument("timeout " + timeoutSeconds + " is negative");
    }
    return !closed && !session.isClosed();
  }

  @Override
  public void setNetworkTimeout(Executor executor, int millis) throws SQLException {
    checkOpen();
    networkTimeout(millis);
  }

  private void networkTimeout(int millis) throws SQLException {
    if (millis < 0) {
      throw SQLExceptions.invalidArgument("network timeout " + millis + " is negative");
    }
    networkTimeoutMillis = millis;
    session.setNetworkTimeout(millis);
  }

  @Override
  public int getNetworkTimeout() throws SQLException {
    checkOpen();
    return networkTimeoutMillis;
  }

  @Override
  public Statement createStatement() throws SQLException {
    return createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, holdability);
  }

  @Override
  public Statement createStatement(int type, int concurrency) throws SQLException {
    return createStatement(type, concurrency, holdability);
  }

  @Override
  public Statement createStatement(int type, int concurrency, int hold) throws SQLException {
    checkOpen();
    return new JdbcStatement(this, offered(type), hold(hold), downgrade(type, concurrency));
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    return prepare(sql, KeyRequest.NONE, ResultSet.TYPE_FORWARD_ONLY, holdability, null);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
    return prepareForKeys(sql, KeyRequest.of(autoGeneratedKeys));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columns) throws SQLException {
    return prepareForKeys(sql, KeyRequest.ofPositions(columns));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columns) throws SQLException {
    return prepareForKeys(sql, KeyRequest.ofNames(columns));
  }

  private PreparedStatement prepareForKeys(String sql, KeyRequest keys) throws SQLException {
    return prepare(sql, keys, ResultSet.TYPE_FORWARD_ONLY, holdability, null);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    return prepareStatement(sql, type, concurrency, holdability);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int hold)
      throws SQLException {
    return prepare(sql, KeyRequest.NONE, offered(type), hold(hold), downgrade(type, concurrency));
  }

  private PreparedStatement prepare(
      String sql, KeyRequest keys, int type, int hold, SQLWarning downgrade) throws SQLException {
    if (sql == null || sql.isBlank()) {
      throw SQLExceptions.of(SqlStates.SYNTAX, "the statement is empty");
    }
    lock.lock();
    try {
      checkOpen();
      return new JdbcPreparedStatement(this, texts.text(sql), keys, type, hold, downgrade);
    } finally {
      lock.unlock();
    }
  }

  /** The type of result set that a wish for {@code type} gets. */
  private static int offered(int type) throws SQLException {
    return switch (type) {
      case ResultSet.TYPE_FORWARD_ONLY -> type;
      case ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.TYPE_SCROLL_SENSITIVE ->
          ResultSet.TYPE_SCROLL_INSENSITIVE;
      default -> throw SQLExceptions.invalidArgument("result set type " + type + " does not exist");
    };
  }

  private static int hold(int hold) throws SQLException {
    if (hold != ResultSet.HOLD_CURSORS_OVER_COMMIT && hold != ResultSet.CLOSE_CURSORS_AT_COMMIT) {
      throw SQLExceptions.invalidArgument("holdability " + hold + " does not exist");
    }
    return hold;
  }

  /** JDBC: a kind of result set that is not offered becomes the nearest one, with a warning. */
  private static SQLWarning downgrade(int type, int concurrency) throws SQLException {
    if (concurrency != ResultSet.CONCUR_READ_ONLY && concurrency != ResultSet.CONCUR_UPDATABLE) {
      throw SQLExceptions.invalidArgument("concurrency " + concurrency + " does not exist");
    }
    SQLWarning warning = null;
    if (concurrency == ResultSet.CONCUR_UPDATABLE) {
      warning =
          new SQLWarning("result sets are read-only; CONCUR_UPDATABLE has no effect", "01000");
    }
    if (type == ResultSet.TYPE_SCROLL_SENSITIVE) {
      SQLWarning other =
          new SQLWarning("result sets do not see later changes: TYPE_SCROLL_INSENSITIVE", "01000");
      other.setNextWarning(warning);
      warning = other;
    }
    return warning;
  }

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    checkOpen();
    return new JdbcDatabaseMetadata(this);
  }

  /** The parser reads JDBC escapes itself. */
  @Override
  public String nativeSQL(String sql) throws SQLException {
    checkOpen();
    return sql;
  }

  @Override
  public int getHoldability() throws SQLException {
    checkOpen();
    return holdability;
  }

  @Override
  public void setHoldability(int wanted) throws SQLException {
    checkOpen();
    holdability = hold(wanted);
  }

  private void warn(String message) {
    SQLWarning warning = new SQLWarning(message, "01000");
    if (warnings == null) {
      warnings = warning;
    } else {
      warnings.setNextWarning(warning);
    }
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
  public Clob createClob() throws SQLException {
    return createNClob();
  }

  @Override
  public NClob createNClob() throws SQLException {
    checkOpen();
    return new MemoryClob("");
  }

  @Override
  public Blob createBlob() throws SQLException {
    checkOpen();
    return new MemoryBlob(new byte[0]);
  }

  @Override
  public void setClientInfo(String name, String value) throws SQLClientInfoException {
    if (closed) {
      throw new SQLClientInfoException(
          "the connection is closed",
          SqlStates.SESSION_CLOSED,
          Map.of(name, ClientInfoStatus.REASON_UNKNOWN));
    }
    if (value == null) {
      clientProperties.remove(name);
    } else {
      clientProperties.setProperty(name, value);
    }
  }

  @Override
  public void setClientInfo(Properties properties) throws SQLClientInfoException {
    for (String name : properties.stringPropertyNames()) {
      setClientInfo(name, properties.getProperty(name));
    }
  }

  @Override
  public String getClientInfo(String name) throws SQLException {
    checkOpen();
    return clientProperties.getProperty(name);
  }

  @Override
  public Properties getClientInfo() throws SQLException {
    checkOpen();
    Properties copy = new Properties();
    copy.putAll(clientProperties);
    return copy;
  }

  @Override
  public Map<String, Class<?>> getTypeMap() throws SQLException {
    checkOpen();
    return Map.of();
  }

  @Override
  public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
    checkOpen();
    if (map != null && !map.isEmpty()) {
      throw SQLExceptions.notSupported("user-defined types are not");
    }
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    throw SQLExceptions.notSupported("stored procedures are not");
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
    throw SQLExceptions.notSupported("stored procedures are not");
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency, int hold)
      throws SQLException {
    throw SQLExceptions.notSupported("stored procedures are not");
  }

  @Override
  public SQLXML createSQLXML() throws SQLException {
    throw SQLExceptions.notSupported("XML values are not");
  }

  @Override
  public Array createArrayOf(String typeName, Object[] elements) throws SQLException {
    throw SQLExceptions.notSupported("arrays are not");
  }

  @Override
  public Struct createStruct(String typeName, Object[] attributes) throws SQLException {
    throw SQLExceptions.notSupported("structured types are not");
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
