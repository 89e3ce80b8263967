package dev.kittiwake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.embedded.LocalCluster;
import dev.kittiwake.sql.SqlConfig;
import dev.kittiwake.sql.SqlEngine;
import dev.kittiwake.sql.SqlRuntime;
import dev.kittiwake.sql.service.SqlServer;
import dev.kittiwake.sql.service.SqlServerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pool, and what users get wrong, are the same whatever the URL: nothing hangs, one line says
 * why.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class EveryUrlTest {
  private static final int NINE_MEGABYTES = 9_000_000;

  @TempDir static Path directory;
  private static LocalCluster cluster;
  private static ClusterClient client;
  private static SqlEngine engine;
  private static SqlServer server;
  private static List<String> urls;

  @BeforeAll
  static void start() {
    cluster = LocalCluster.builder().stores(1).inMemory().listen("127.0.0.1", 0, 0).start();
    client = cluster.connect();
    engine = new SqlEngine(client.transactions(), SqlConfig.DEFAULT, SqlRuntime.production());
    server = SqlServer.start(engine, SqlServerConfig.DEFAULT.withAddress("127.0.0.1", 0));
    urls =
        List.of(
            "jdbc:kittiwake://" + cluster.pdUrl().replaceFirst("^https?://", "") + "/public",
            "jdbc:kittiwake:sql://127.0.0.1:"
                + server.port()
                + "/public?connectTimeoutMillis=120000",
            "jdbc:kittiwake:mem:everyurl",
            "jdbc:kittiwake:file:" + directory.resolve("database"));
  }

  @AfterAll
  static void stop() {
    server.close();
    engine.close();
    client.close();
    cluster.close();
  }

  @Test
  void aPoolWorksAndWrongStatementsAreTold() throws Exception {
    int number = 0;
    for (String url : urls) {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(url);
      config.setMaximumPoolSize(2);
      try (HikariDataSource pool = new HikariDataSource(config)) {
        use(pool, url, "gulls" + number++);
      }
    }
  }

  private static void use(HikariDataSource pool, String url, String table) throws SQLException {
    try (Connection one = pool.getConnection();
        Connection other = pool.getConnection();
        Statement statement = one.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (id INT PRIMARY KEY, v VARCHAR(16777216))");
      one.setAutoCommit(false);
      statement.executeUpdate("INSERT INTO " + table + " VALUES (1, 'a')");
      assertEquals(0, rows(other, table), url);
      one.commit();
      assertEquals(1, rows(other, table), url);

      refused(url, one, "INSERT INTO " + table + " VALUES (1, 'b')", "23505", "already holds");
      refused(url, one, "SELECT * FROM " + table + "s", "42S02", "did you mean " + table);
      refused(url, one, "SELEC 1", "42601", "SELECT");
      tooLarge(url, one, table);
      statement.executeUpdate("INSERT INTO " + table + " VALUES (3, 'c')");
      one.commit();
      assertEquals(2, rows(other, table), url);
    }
  }

  private static long rows(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      assertTrue(count.next());
      return count.getLong(1);
    }
  }

  private static void refused(
      String url, Connection connection, String sql, String state, String told)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      oneLine(url, assertThrows(SQLException.class, () -> statement.execute(sql)), state, told);
    }
    connection.rollback();
  }

  private static void tooLarge(String url, Connection connection, String table)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + table + " VALUES (2, ?)")) {
      insert.setString(1, "x".repeat(NINE_MEGABYTES));
      SQLException refusal =
          assertThrows(
              SQLException.class,
              () -> {
                insert.executeUpdate();
                connection.commit();
              });
      oneLine(url, refusal, "54000", "");
    }
    connection.rollback();
  }

  private static void oneLine(String url, SQLException refusal, String state, String told) {
    String message = refusal.getMessage();
    assertEquals(state, refusal.getSQLState(), url + ": " + message);
    assertTrue(message.contains(told), url + ": " + message);
    assertFalse(message.contains("\n"), url + ": " + message);
    assertFalse(message.contains("Exception"), url + ": " + message);
  }

  @Test
  void whatCannotBeReachedIsToldInTime() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    String below = file.resolve("database").toString();
    for (String url :
        List.of(
            "jdbc:kittiwake://127.0.0.1:1/public",
            "jdbc:kittiwake:sql://127.0.0.1:1/public",
            "jdbc:kittiwake:file:" + below)) {
      SQLException refusal =
          assertThrows(SQLException.class, () -> DriverManager.getConnection(url).close(), url);
      String at = url.contains("file:") ? below : "127.0.0.1:1";
      assertTrue(refusal.getSQLState().startsWith("08"), url + ": " + refusal.getSQLState());
      oneLine(url, refusal, refusal.getSQLState(), at);
    }
  }
}
