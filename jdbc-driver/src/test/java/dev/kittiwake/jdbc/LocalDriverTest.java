package dev.kittiwake.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The contract with the session in this JVM: {@code mem:}. */
class LocalDriverTest extends DriverContract {
  private String name;
  private Connection keeper; // so that the database outlives the test's connections

  @BeforeEach
  void name(TestInfo test) throws SQLException {
    name = "local-" + test.getTestMethod().orElseThrow().getName();
    keeper = connect();
  }

  @AfterEach
  void release() throws SQLException {
    keeper.close();
  }

  @Override
  String url() {
    return "jdbc:kittiwake:mem:" + name;
  }

  @Test
  void aMemoryDatabaseLivesWhileAConnectionIsOpen() throws SQLException {
    keeper.createStatement().execute("CREATE TABLE A (ID INT PRIMARY KEY)");
    try (Connection other = connect()) {
      assertEquals(0, other.createStatement().executeUpdate("DELETE FROM A"));
    }
    keeper.close();
    try (Connection fresh = connect()) {
      SQLException gone =
          assertThrows(
              SQLException.class, () -> fresh.createStatement().executeUpdate("DELETE FROM A"));
      assertEquals("42S02", gone.getSQLState());
    }
  }

  @Test
  void aKeptDatabaseOutlivesItsConnections() throws SQLException {
    String kept = "jdbc:kittiwake:mem:kept-by-wish";
    try (Connection first = DriverManager.getConnection(kept + ";keep=true")) {
      first.createStatement().execute("CREATE TABLE A (ID INT PRIMARY KEY)");
    }
    try (Connection second = DriverManager.getConnection(kept)) {
      assertEquals(0, second.createStatement().executeUpdate("DELETE FROM A"));
    }
  }
}
