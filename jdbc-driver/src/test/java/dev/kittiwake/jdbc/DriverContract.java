package dev.kittiwake.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every way to a session must do. */
abstract class DriverContract {
  static final String SCHEMA =
      "CREATE TABLE ITEM (I_ID INT NOT NULL, I_NAME VARCHAR(24), PRICE DECIMAL(5, 2), STOCK BIGINT,"
          + " SEEN TIMESTAMP, BORN DATE, RATIO DOUBLE, SOLD BOOLEAN, PRIMARY KEY (I_ID))";

  /** A URL of an empty database; the same for each call within a test. */
  abstract String url();

  final Connection connect() throws SQLException {
    return DriverManager.getConnection(url());
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection withItems(Connection connection, int count) throws SQLException {
    run(connection, SCHEMA);
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO ITEM (I_ID, I_NAME, PRICE) VALUES (?, ?, ?)")) {
      for (int i = 1; i <= count; i++) {
        insert.setInt(1, i);
        insert.setString(2, "item " + i);
        insert.setBigDecimal(3, BigDecimal.valueOf(100L + i, 2));
        insert.addBatch();
      }
      assertEquals(count, insert.executeBatch().length);
    }
    return connection;
  }

  private static long count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM ITEM")) {
      assertTrue(rows.next());
      return rows.getLong(1);
    }
  }

  @Test
  void everyTypeComesBackAsItWentIn() throws SQLException {
    try (Connection connection = connect()) {
      run(connection, SCHEMA);
      LocalDateTime seen = LocalDateTime.of(2026, 1, 31, 10, 5, 7, 123_000_000);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO ITEM VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
        insert.setInt(1, 1);
        insert.setString(2, "Möwe");
        insert.setBigDecimal(3, new BigDecimal("12.50"));
        insert.setLong(4, 1L << 40);
        insert.setObject(5, seen);
        insert.setObject(6, LocalDate.of(1999, 12, 31));
        insert.setDouble(7, 0.25);
        insert.setBoolean(8, true);
        assertEquals(1, insert.executeUpdate());
        insert.setInt(1, 2);
        for (int i = 2; i <= 8; i++) {
          insert.setNull(i, Types.VARCHAR);
        }
        assertEquals(1, insert.executeUpdate());
      }
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT * FROM ITEM ORDER BY I_ID")) {
        assertTrue(rows.next());
        assertEquals(1, rows.getInt("i_id"));
        assertEquals("Möwe", rows.getString("I_NAME"));
        assertEquals(new BigDecimal("12.50"), rows.getBigDecimal(3));
        assertEquals("12.50", rows.getString(3));
        assertEquals(12, rows.getInt(3));
        assertEquals(1L << 40, rows.getLong("stock"));
        assertEquals(Timestamp.valueOf(seen), rows.getTimestamp(5));
        assertEquals(seen, rows.getObject(5, LocalDateTime.class));
        assertEquals(LocalDate.of(1999, 12, 31), rows.getObject("born", LocalDate.class));
        assertEquals("1999-12-31", rows.getDate(6).toString());
        assertEquals(0.25, rows.getDouble(7));
        assertTrue(rows.getBoolean(8));
        assertFalse(rows.wasNull());
        assertEquals(Integer.valueOf(1), rows.getObject(1));
        SQLException tooLarge = assertThrows(SQLDataException.class, () -> rows.getInt(4));
        assertEquals("22003", tooLarge.getSQLState());
        SQLException noColumn = assertThrows(SQLException.class, () -> rows.getInt("nope"));
        assertEquals("42S22", noColumn.getSQLState());
        assertTrue(rows.next());
        assertEquals(0, rows.getLong(4));
        assertTrue(rows.wasNull());
        assertNull(rows.getString(2));
        assertNull(rows.getObject(6));
        assertFalse(rows.getBoolean(8));
        assertFalse(rows.next());
        assertThrows(SQLException.class, () -> rows.getInt(1));
      }
    }
  }

  @Test
  void streamsAndLargeObjectsAreReadToTheirEnd() throws SQLException {
    try (Connection connection = connect()) {
      run(connection, "CREATE TABLE T (ID INT PRIMARY KEY, B VARBINARY(100), C VARCHAR(100))");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO T VALUES (?, ?, ?)")) {
        insert.setInt(1, 1);
        insert.setBinaryStream(2, new ByteArrayInputStream(new byte[] {1, 2, 3}));
        insert.setCharacterStream(3, new StringReader("abc"), 3);
        insert.executeUpdate();
        insert.setInt(1, 2);
        insert.setBlob(2, new MemoryBlob(new byte[] {4}));
        insert.setClob(3, new MemoryClob("xyz"));
        insert.executeUpdate();
        assertThrows(
            SQLException.class, () -> insert.setCharacterStream(3, new StringReader("ab"), 3));
      }
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT B, C FROM T ORDER BY ID")) {
        assertTrue(rows.next());
        assertArrayEquals(new byte[] {1, 2, 3}, rows.getBytes(1));
        assertEquals("abc", rows.getClob(2).getSubString(1, 10));
        assertTrue(rows.next());
        assertEquals(1, rows.getBlob(1).length());
        assertEquals("xyz", rows.getString(2));
      }
    }
  }

  @Test
  void aTransactionIsInvisibleUntilCommitAndGoneAfterRollback() throws SQLException {
    try (Connection writer = withItems(connect(), 2);
        Connection reader = connect()) {
      writer.setAutoCommit(false);
      run(writer, "DELETE FROM ITEM WHERE I_ID = 1");
      assertEquals(2, count(reader));
      assertEquals(1, count(writer));
      writer.rollback();
      assertEquals(2, count(writer));
      writer.rollback();
      run(writer, "DELETE FROM ITEM WHERE I_ID = 1");
      writer.commit();
      assertEquals(1, count(reader));
      writer.setAutoCommit(true);
      SQLException refused = assertThrows(SQLException.class, writer::commit);
      assertEquals("25P01", refused.getSQLState());
    }
  }

  @Test
  void closingAConnectionRollsBack() throws SQLException {
    try (Connection other = withItems(connect(), 2)) {
      Connection leaving = connect();
      leaving.setAutoCommit(false);
      run(leaving, "DELETE FROM ITEM");
      leaving.close();
      assertEquals(2, count(other));
      assertEquals(1, update(other, "DELETE FROM ITEM WHERE I_ID = 2")); // its locks are gone too
      assertEquals(
          "08003", assertThrows(SQLException.class, leaving::createStatement).getSQLState());
    }
  }

  private static int update(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  @Test
  void savepointsUndoAPart() throws SQLException {
    try (Connection connection = withItems(connect(), 3)) {
      connection.setAutoCommit(false);
      run(connection, "DELETE FROM ITEM WHERE I_ID = 1");
      Savepoint unnamed = connection.setSavepoint();
      run(connection, "DELETE FROM ITEM WHERE I_ID = 2");
      Savepoint named = connection.setSavepoint("here");
      assertEquals("here", named.getSavepointName());
      run(connection, "DELETE FROM ITEM WHERE I_ID = 3");
      connection.rollback(named);
      assertEquals(1, count(connection));
      connection.rollback(unnamed);
      assertEquals(2, count(connection));
      connection.commit();
      assertEquals(2, count(connection));
      assertThrows(SQLException.class, () -> connection.rollback(unnamed));
    }
  }

  @Test
  void manyResultSetsMayBeOpenOnOneConnection() throws SQLException {
    try (Connection connection = withItems(connect(), 1000);
        Statement outer = connection.createStatement();
        PreparedStatement inner =
            connection.prepareStatement("SELECT I_NAME FROM ITEM WHERE I_ID = ?")) {
      connection.setAutoCommit(false);
      outer.setFetchSize(7);
      ResultSet rows = outer.executeQuery("SELECT I_ID FROM ITEM ORDER BY I_ID");
      int read = 0;
      while (rows.next()) {
        read++;
        inner.setInt(1, rows.getInt(1));
        try (ResultSet name = inner.executeQuery()) {
          assertTrue(name.next());
          assertEquals("item " + read, name.getString(1));
        }
        assertEquals(read, rows.getInt(1)); // the outer row is still the current one
        if (read == 500) {
          connection.commit(); // held over the commit
        }
      }
      assertEquals(1000, read);
    }
  }

  @Test
  void aScrollableResultSetMovesAnywhere() throws SQLException {
    try (Connection connection = withItems(connect(), 5);
        Statement statement =
            connection.createStatement(
                ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
        ResultSet rows = statement.executeQuery("SELECT I_ID FROM ITEM ORDER BY I_ID")) {
      assertTrue(rows.last());
      assertEquals(5, rows.getInt(1));
      assertEquals(5, rows.getRow());
      assertTrue(rows.absolute(2));
      assertEquals(2, rows.getInt(1));
      assertTrue(rows.absolute(-2));
      assertEquals(4, rows.getInt(1));
      assertTrue(rows.relative(-1));
      assertEquals(3, rows.getInt(1));
      rows.afterLast();
      assertTrue(rows.isAfterLast());
      assertTrue(rows.previous());
      assertEquals(5, rows.getInt(1));
      assertFalse(rows.absolute(9));
    }
  }

  @Test
  void limitsOfAStatementHold() throws SQLException {
    try (Connection connection = withItems(connect(), 50);
        Statement statement = connection.createStatement()) {
      statement.setMaxRows(3);
      statement.setFetchSize(2);
      statement.closeOnCompletion();
      ResultSet rows = statement.executeQuery("SELECT I_ID FROM ITEM ORDER BY I_ID");
      int read = 0;
      while (rows.next()) {
        read++;
      }
      assertEquals(3, read);
      rows.close();
      assertTrue(statement.isClosed());
    }
  }

  @Test
  void aBatchIsOneUnit() throws SQLException {
    try (Connection connection = withItems(connect(), 2);
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO ITEM (I_ID, I_NAME) VALUES (?, ?)")) {
      for (int id : new int[] {10, 2, 11}) {
        insert.setInt(1, id);
        insert.setString(2, "x");
        insert.addBatch();
      }
      BatchUpdateException failure = assertThrows(BatchUpdateException.class, insert::executeBatch);
      assertEquals("23505", failure.getSQLState());
      assertEquals(3, failure.getUpdateCounts().length);
      assertInstanceOf(SQLIntegrityConstraintViolationException.class, failure.getCause());
      assertEquals(2, count(connection));
      assertEquals(0, insert.executeBatch().length);
    }
  }

  @Test
  void generatedKeysComeByAllByNameAndByPosition() throws SQLException {
    try (Connection connection = connect()) {
      run(
          connection,
          "CREATE TABLE NOTE (ID BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, BODY VARCHAR(10))");
      long first =
          generated(
              connection.prepareStatement(
                  "INSERT INTO NOTE (BODY) VALUES ('a')", Statement.RETURN_GENERATED_KEYS));
      long second =
          generated(
              connection.prepareStatement(
                  "INSERT INTO NOTE (BODY) VALUES ('b')", new String[] {"id"}));
      long third =
          generated(
              connection.prepareStatement("INSERT INTO NOTE (BODY) VALUES ('c')", new int[] {1}));
      assertTrue(first < second && second < third, first + " " + second + " " + third);
      try (PreparedStatement none =
          connection.prepareStatement("INSERT INTO NOTE (BODY) VALUES ('d')")) {
        none.executeUpdate();
        assertFalse(none.getGeneratedKeys().next());
      }
    }
  }

  private static long generated(PreparedStatement insert) throws SQLException {
    try (insert) {
      assertEquals(1, insert.executeUpdate());
      ResultSet keys = insert.getGeneratedKeys();
      assertTrue(keys.next());
      long key = keys.getLong("ID");
      assertEquals(key, keys.getLong(1));
      assertFalse(keys.next());
      return key;
    }
  }

  @Test
  void errorsHaveTheClassOfTheirState() throws SQLException {
    try (Connection connection = withItems(connect(), 1)) {
      refused(connection, "SELEC 1", "42", SQLSyntaxErrorException.class);
      refused(connection, "SELECT * FROM ITEMS", "42S02", SQLSyntaxErrorException.class);
      refused(connection, "SELECT NOPE FROM ITEM", "42S22", SQLSyntaxErrorException.class);
      refused(
          connection,
          "INSERT INTO ITEM (I_ID) VALUES (1)",
          "23505",
          SQLIntegrityConstraintViolationException.class);
      refused(
          connection,
          "INSERT INTO ITEM (I_NAME) VALUES ('x')",
          "23502",
          SQLIntegrityConstraintViolationException.class);
      refused(
          connection,
          "INSERT INTO ITEM (I_ID, I_NAME) VALUES (2, 'a name of more than 24 letters')",
          "22001",
          SQLDataException.class);
      assertEquals(1, count(connection)); // the session survives every error
    }
  }

  private static void refused(
      Connection connection, String sql, String state, Class<? extends SQLException> type) {
    SQLException refusal = assertThrows(SQLException.class, () -> run(connection, sql), sql);
    assertTrue(
        refusal.getSQLState().startsWith(state),
        sql + ": " + refusal.getSQLState() + " " + refusal.getMessage());
    assertInstanceOf(type, refusal, sql);
    assertFalse(refusal.getMessage().contains("\n"), refusal.getMessage());
  }

  @Test
  void aDeadlockIsARollbackThatMayBeTriedAgain() throws Exception {
    try (Connection first = withItems(connect(), 2);
        Connection second = connect()) {
      first.setAutoCommit(false);
      second.setAutoCommit(false);
      lock(first, 1);
      lock(second, 2);
      ExecutorService other = Executors.newSingleThreadExecutor();
      try {
        Future<SQLException> waiting = other.submit(() -> failureOfLocking(first, 2));
        SQLException here = failureOfLocking(second, 1);
        SQLException there = waiting.get(120, TimeUnit.SECONDS);
        assertTrue((here == null) != (there == null), here + " and " + there);
        SQLException deadlock = here == null ? there : here;
        assertInstanceOf(SQLTransactionRollbackException.class, deadlock);
        assertEquals("40001", deadlock.getSQLState());
        assertEquals(0, deadlock.getErrorCode());
      } finally {
        other.shutdownNow();
      }
      first.rollback();
      second.rollback();
      lock(second, 1); // the connection goes on
    }
  }

  private static void lock(Connection connection, int id) throws SQLException {
    run(connection, "UPDATE ITEM SET I_NAME = 'locked' WHERE I_ID = " + id);
  }

  /** The other transaction goes on when this one is rolled back. */
  private static SQLException failureOfLocking(Connection connection, int id) throws SQLException {
    try {
      lock(connection, id);
      return null;
    } catch (SQLException e) {
      connection.rollback();
      return e;
    }
  }

  @Test
  void aWaitingStatementEndsByTimeoutAndByCancel() throws Exception {
    try (Connection holder = withItems(connect(), 1);
        Connection waiter = connect();
        Statement statement = waiter.createStatement()) {
      holder.setAutoCommit(false);
      lock(holder, 1);
      statement.setQueryTimeout(1);
      SQLException late =
          assertThrows(SQLException.class, () -> statement.executeUpdate("DELETE FROM ITEM"));
      assertInstanceOf(SQLTimeoutException.class, late);
      assertEquals("HYT00", late.getSQLState());
      statement.setQueryTimeout(0);
      ExecutorService other = Executors.newSingleThreadExecutor();
      try {
        Future<SQLException> waiting =
            other.submit(
                () ->
                    assertThrows(
                        SQLException.class, () -> statement.executeUpdate("DELETE FROM ITEM")));
        while (!waiting.isDone()) {
          statement.cancel(); // harmless before the statement runs, so: until it has ended
        }
        assertEquals("57014", waiting.get(120, TimeUnit.SECONDS).getSQLState());
      } finally {
        other.shutdownNow();
      }
      holder.rollback();
      assertEquals(1, statement.executeUpdate("DELETE FROM ITEM"));
    }
  }

  @Test
  void statementsOfTheWrongKindAreRefusedBeforeTheyRun() throws SQLException {
    try (Connection connection = withItems(connect(), 1);
        Statement statement = connection.createStatement()) {
      assertThrows(SQLException.class, () -> statement.executeQuery("DELETE FROM ITEM"));
      assertThrows(SQLException.class, () -> statement.executeUpdate("SELECT 1"));
      assertThrows(SQLException.class, () -> statement.execute("SELECT ?"));
      assertEquals(1, count(connection));
      PreparedStatement prepared =
          connection.prepareStatement("SELECT '?' FROM ITEM WHERE I_ID = ? -- ?");
      SQLException unset = assertThrows(SQLException.class, prepared::executeQuery);
      assertTrue(unset.getMessage().contains("parameter 1 of 1"), unset.getMessage());
      assertThrows(SQLException.class, () -> prepared.setInt(2, 1));
    }
  }

  @Test
  void executeTellsWhatItGot() throws SQLException {
    try (Connection connection = withItems(connect(), 2);
        Statement statement = connection.createStatement()) {
      assertTrue(statement.execute("SELECT I_ID FROM ITEM"));
      assertEquals(-1, statement.getUpdateCount());
      assertTrue(statement.getResultSet().next());
      assertFalse(statement.getMoreResults());
      assertEquals(-1, statement.getUpdateCount());
      assertFalse(statement.execute("DELETE FROM ITEM"));
      assertEquals(2, statement.getUpdateCount());
      assertNull(statement.getResultSet());
      assertFalse(statement.getMoreResults());
      assertEquals(-1, statement.getUpdateCount());
    }
  }

  @Test
  void settingsAreLocalAndTakeEffect() throws SQLException {
    try (Connection connection = withItems(connect(), 1)) {
      assertEquals(Connection.TRANSACTION_REPEATABLE_READ, connection.getTransactionIsolation());
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
      assertEquals(Connection.TRANSACTION_READ_COMMITTED, connection.getTransactionIsolation());
      SQLException refused =
          assertThrows(
              SQLFeatureNotSupportedException.class,
              () -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE));
      assertTrue(refused.getMessage().contains("serializableAsSnapshot"), refused.getMessage());
      connection.setReadOnly(true);
      assertTrue(connection.isReadOnly());
      SQLException readOnly =
          assertThrows(SQLException.class, () -> run(connection, "DELETE FROM ITEM"));
      assertEquals("25006", readOnly.getSQLState());
      connection.setReadOnly(false);
      run(connection, "CREATE SCHEMA SHOP");
      connection.setSchema("SHOP");
      assertEquals("SHOP", connection.getSchema());
      run(connection, "CREATE TABLE ITEM (A INT PRIMARY KEY)");
      assertEquals(0, count(connection));
      connection.setSchema("public");
      assertEquals(1, count(connection));
      connection.setNetworkTimeout(Runnable::run, 30_000);
      assertEquals(30_000, connection.getNetworkTimeout());
      assertTrue(connection.isValid(60));
      Executor now = Runnable::run;
      connection.abort(now);
      assertFalse(connection.isValid(60));
      assertTrue(connection.isClosed());
    }
  }

  @Test
  void resultMetadataNamesColumnsAndTables() throws SQLException {
    try (Connection connection = withItems(connect(), 1);
        PreparedStatement query =
            connection.prepareStatement("SELECT I_ID, PRICE AS P FROM ITEM WHERE I_NAME = ?")) {
      ResultSetMetaData before = query.getMetaData();
      assertEquals(2, before.getColumnCount());
      assertEquals(1, query.getParameterMetaData().getParameterCount());
      query.setString(1, "item 1");
      try (ResultSet rows = query.executeQuery()) {
        ResultSetMetaData columns = rows.getMetaData();
        assertEquals("P", columns.getColumnLabel(2));
        assertEquals("ITEM", columns.getTableName(1).toUpperCase());
        assertEquals(Types.INTEGER, columns.getColumnType(1));
        assertEquals(Types.DECIMAL, columns.getColumnType(2));
        assertEquals(5, columns.getPrecision(2));
        assertEquals(2, columns.getScale(2));
        assertEquals("java.math.BigDecimal", columns.getColumnClassName(2));
      }
      assertNull(connection.prepareStatement("DELETE FROM ITEM").getMetaData());
    }
  }

  @Test
  void aLongResultStreamsInFrames() throws SQLException {
    try (Connection connection = withItems(connect(), 3000);
        Statement statement = connection.createStatement()) {
      statement.setFetchSize(100);
      long sum = 0;
      try (ResultSet rows = statement.executeQuery("SELECT I_ID FROM ITEM")) {
        while (rows.next()) {
          sum += rows.getInt(1);
        }
      }
      assertEquals(3000L * 3001 / 2, sum);
      try (ResultSet rows = statement.executeQuery("SELECT I_ID FROM ITEM")) {
        assertTrue(rows.next()); // left early: the rest is never asked for
      }
      assertEquals(3000, count(connection));
    }
  }

  @Test
  void preparedStatementsMayBeMadeForEachExecution() throws SQLException {
    try (Connection connection = withItems(connect(), 10)) {
      for (int i = 1; i <= 10; i++) {
        try (PreparedStatement query =
            connection.prepareStatement("SELECT I_NAME FROM ITEM WHERE I_ID = ?")) {
          query.setInt(1, i);
          ResultSet rows = query.executeQuery();
          assertTrue(rows.next());
          assertEquals("item " + i, rows.getString("I_NAME"));
        }
      }
    }
  }
}
