package dev.kittiwake.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.sql.MemoryDatabase;
import dev.kittiwake.sql.service.SqlServer;
import dev.kittiwake.sql.service.SqlServerConfig;
import dev.kittiwake.testkit.port.SilentPort;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract with the session in a SQL server, over loopback. */
class RemoteDriverTest extends DriverContract {
  private static final SqlServerConfig ANY_PORT =
      SqlServerConfig.DEFAULT.withAddress("127.0.0.1", 0);

  private MemoryDatabase database;
  private SqlServer server;

  @BeforeEach
  void start() {
    database = new MemoryDatabase();
    server = SqlServer.start(database, ANY_PORT);
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  @Override
  String url() {
    return "jdbc:kittiwake:sql://127.0.0.1:"
        + server.port()
        + "/public?connectTimeoutMillis=120000";
  }

  @Test
  void aStoppedServerIsABrokenConnection() throws SQLException {
    try (Connection connection = connect()) {
      connection.createStatement().execute("CREATE TABLE A (ID INT PRIMARY KEY)");
      server.close();
      SQLException broken =
          assertThrows(
              SQLException.class,
              () -> connection.createStatement().executeQuery("SELECT * FROM A"));
      assertEquals("08006", broken.getSQLState());
      assertInstanceOf(SQLTransientConnectionException.class, broken);
      assertFalse(connection.isValid(60));
    }
  }

  @Test
  void anUnreachableServerIsPassedOver() throws Exception {
    try (SilentPort dead = SilentPort.take()) {
      String two =
          "jdbc:kittiwake:sql://"
              + dead.address()
              + ",127.0.0.1:"
              + server.port()
              + "/public?connectTimeoutMillis=120000";
      for (int i = 0; i < 4; i++) {
        try (Connection connection = DriverManager.getConnection(two)) {
          assertTrue(connection.isValid(60));
        }
      }
      String one = "jdbc:kittiwake:sql://" + dead.address() + "/public";
      SQLException nobody =
          assertThrows(SQLException.class, () -> DriverManager.getConnection(one));
      assertEquals("08001", nobody.getSQLState());
      assertTrue(nobody.getMessage().contains(dead.address()), nobody.getMessage());
    }
  }
}
