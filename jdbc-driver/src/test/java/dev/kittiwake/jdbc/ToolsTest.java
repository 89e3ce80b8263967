package dev.kittiwake.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import sqlline.SqlLine;

/** Programs that others wrote, on top of the driver. */
class ToolsTest {
  @Test
  void hikariPoolsConnections() throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:kittiwake:mem:hikari");
    config.setMaximumPoolSize(1); // so the same connection comes back
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setSchema("public");
    try (HikariDataSource pool = new HikariDataSource(config)) {
      Connection physical;
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        physical = connection.unwrap(JdbcConnection.class);
        statement.execute("CREATE TABLE A (ID INT PRIMARY KEY)");
        connection.setAutoCommit(false);
        connection.setReadOnly(false);
        statement.executeUpdate("INSERT INTO A VALUES (1)");
        // returned dirty: the pool rolls back and resets
      }
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM A")) {
        assertTrue(connection.getAutoCommit());
        assertEquals(Connection.TRANSACTION_READ_COMMITTED, connection.getTransactionIsolation());
        assertTrue(rows.next());
        assertEquals(0, rows.getInt(1));
        assertEquals(physical, connection.unwrap(JdbcConnection.class));
      }
      assertFalse(physical.isClosed());
    }
  }

  @Test
  void hikariTakesTheDataSource() throws Exception {
    HikariConfig config = new HikariConfig();
    config.setDataSource(new KittiwakeDataSource("jdbc:kittiwake:mem:hikari-source"));
    try (HikariDataSource pool = new HikariDataSource(config);
        Connection connection = pool.getConnection()) {
      assertTrue(connection.isValid(60));
    }
  }

  @Test
  void sqllineCreatesFillsJoinsAndDescribes() throws Exception {
    String shown =
        sqlline(
            "!connect jdbc:kittiwake:mem:sqlline ann secret",
            "CREATE TABLE CITY (ID INT PRIMARY KEY, NAME VARCHAR(20) NOT NULL);",
            "CREATE TABLE BIRD (ID INT PRIMARY KEY, CITY INT, KIND VARCHAR(20));",
            "CREATE INDEX BIRD_CITY ON BIRD (CITY);",
            "INSERT INTO CITY VALUES (1, 'Bergen'), (2, 'Bristol');",
            "INSERT INTO BIRD VALUES (10, 1, 'kittiwake'), (11, 2, 'gull');",
            "SELECT C.NAME, B.KIND FROM BIRD B JOIN CITY C ON C.ID = B.CITY ORDER BY B.ID;",
            "!tables",
            "!describe BIRD",
            "!indexes BIRD",
            "!primarykeys CITY",
            "!dbinfo",
            "!typeinfo",
            "!isolation",
            "SELECT * FROM BIRDS;",
            "!quit");
    assertTrue(shown.contains("Bergen"), shown);
    assertTrue(shown.contains("kittiwake"), shown);
    assertTrue(shown.contains("VARCHAR"), shown);
    assertTrue(shown.contains("BIRD_CITY"), shown);
    assertTrue(shown.contains("42S02"), shown);
    assertFalse(shown.contains("NullPointerException"), shown);
    assertFalse(shown.contains("internal error"), shown);
  }

  private static String sqlline(String... lines) throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
    SqlLine sqlLine = new SqlLine();
    sqlLine.setOutputStream(out);
    sqlLine.setErrorStream(out);
    sqlLine.begin(
        new String[] {"--silent=false", "--incremental=true"},
        new ByteArrayInputStream(
            (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)),
        false);
    return shown.toString(StandardCharsets.UTF_8);
  }
}
