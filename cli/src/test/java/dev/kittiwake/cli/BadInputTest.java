package dev.kittiwake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.ValueTooLargeException;
import dev.kittiwake.client.pd.EndpointPdClient;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.embedded.LocalCluster;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.StoreProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What users get wrong: each time one line that says what to do, an exit status, and no hanging.
 */
class BadInputTest {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;
  private static final String NOBODY = "127.0.0.1:1";
  private static final int NINE_MEGABYTES = 9_000_000;

  @TempDir static Path directory;
  private static LocalCluster cluster;
  private static String pd;
  private static String url;

  @BeforeAll
  static void start() {
    cluster =
        LocalCluster.builder()
            .stores(1)
            .dataDir(directory.resolve("cluster"))
            .listen("127.0.0.1", 0, 0)
            .start();
    pd = cluster.pdUrl().replaceFirst("^https?://", "");
    url = "jdbc:kittiwake://" + pd + "/public";
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static void refused(int status, String told, String... arguments) throws Exception {
    CommandLineRun run = CommandLineRun.of(arguments);
    String seen = run.err() + run.out();
    assertEquals(status, run.status(), seen);
    assertEquals(1, run.complaint().size(), "one line, not\n" + seen);
    assertTrue(run.complaint().get(0).contains(told), "'" + told + "' is missing in\n" + seen);
    assertFalse(seen.contains("\tat "), "no stack trace, but\n" + seen);
  }

  @Test
  void wrongUrls() throws Exception {
    refused(WRONG_USAGE, "is not a JDBC URL", "sql", "127.0.0.1:2379");
    refused(WRONG_USAGE, "no driver here knows", "sql", "jdbc:kittiwak://x", "-e", "SELECT 1");
    refused(FAILED, "is not HOST:PORT", "sql", "jdbc:kittiwake://127.0.0.1:x/p", "-e", "SELECT 1");
    refused(
        FAILED, "jdbc:nothing", "tpcc", "check", "--url", "jdbc:nothing", "--report", reports());
    SQLException wrong =
        assertThrows(SQLException.class, () -> DriverManager.getConnection("jdbc:kittiwake:huh:x"));
    assertEquals("08001", wrong.getSQLState());
  }

  private static String reports() {
    return directory.resolve("reports").toString();
  }

  @Test
  void anUnreachablePlacementDriver() throws Exception {
    String told = "check the addresses";
    refused(FAILED, told, "sql", "jdbc:kittiwake://" + NOBODY + "/public", "-e", "SELECT 1");
    refused(FAILED, told, "kv", "get", "k", "--pd", NOBODY);
    refused(FAILED, told, "sql-server", "--pd", NOBODY, "--listen", "127.0.0.1:0");
    String lonely = directory.resolve("lonely").toString();
    refused(FAILED, told, "kv", "--data", lonely, "--pd", NOBODY, "--pd-wait", "2s");
    refused(WRONG_USAGE, "is not an address", "kv", "get", "k", "--pd", "nonsense");
    refused(WRONG_USAGE, "'33101' is not an", "kv", "--data", lonely, "--listen", "33101");
  }

  @Test
  void wrongStatements() throws Exception {
    statements("CREATE TABLE customer (id INT PRIMARY KEY, name VARCHAR(10))");
    statements("INSERT INTO customer VALUES (1, 'Ada')");
    refused(FAILED, "did you mean customer", "sql", url, "-e", "SELECT * FROM custommer");
    refused(FAILED, "did you mean SELECT", "sql", url, "-e", "SELEC 1");
    refused(FAILED, "(SQLState 23505", "sql", url, "-e", "INSERT INTO customer VALUES (1, 'Bob')");
    refused(FAILED, "(SQLState 42S02", "sql", url, "-e", "SELECT * FROM custommer");
    refused(FAILED, "(SQLState 42601", "sql", url, "-e", "SELECT 1 FROM FROM");
  }

  private static void statements(String... all) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String one : all) {
        statement.execute(one);
      }
    }
  }

  @Test
  void valuesThatNoLogEntryHolds() throws Exception {
    try (ClusterClient client = cluster.connect()) {
      byte[] key = {'k'};
      ValueTooLargeException raw =
          assertThrows(
              ValueTooLargeException.class, () -> client.raw().put(key, new byte[NINE_MEGABYTES]));
      assertTrue(raw.getMessage().contains("write smaller values"), raw.getMessage());
      assertEquals(null, client.raw().get(key));
      client.raw().put(key, key); // the region goes on
    }
    statements("CREATE TABLE big (id INT PRIMARY KEY, v VARCHAR(16777216))");
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement insert = connection.prepareStatement("INSERT INTO big VALUES (?, ?)")) {
      insert.setInt(1, 1);
      insert.setString(2, "x".repeat(NINE_MEGABYTES));
      SQLException refused = assertThrows(SQLException.class, insert::executeUpdate);
      assertEquals("54000", refused.getSQLState(), refused.getMessage());
      insert.setString(2, "small");
      assertEquals(1, insert.executeUpdate());
    }
  }

  @Test
  void portsInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      String data = directory.resolve("ports").toString();
      refused(FAILED, address, "pd", "--data", data + "-pd", "--listen", address);
      refused(FAILED, address, "kv", "--data", data + "-kv", "--listen", address, "--pd", pd);
      refused(FAILED, address, "sql-server", "--listen", address, "--pd", pd);
    }
  }

  @Test
  void directoriesThatCannotBeUsed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    String below = file.resolve("data").toString();
    String any = "127.0.0.1:0";
    refused(FAILED, below, "pd", "--data", below, "--listen", any);
    refused(FAILED, below, "kv", "--data", below, "--listen", any, "--pd", pd);
    refused(FAILED, below, "playground", "--data", below);
    refused(FAILED, below, "tpcc", "check", "--url", url, "--report", below);
    String ofPd = directory.resolve("cluster").resolve("pd").toString();
    refused(FAILED, "in use by another", "pd", "--data", ofPd, "--listen", any);
  }

  @Test
  void aStoreInUseAndAStoreOfAnotherCluster() throws Exception {
    String data = directory.resolve("elsewhere").toString();
    String any = "127.0.0.1:0";
    ClientRuntime runtime = ClientRuntime.production();
    try (LocalCluster other =
        LocalCluster.builder().stores(1).inMemory().listen("127.0.0.1", 0, 0).start()) {
      String otherPd = other.pdUrl().replaceFirst("^https?://", "");
      KvConfig config =
          KvConfig.standard()
              .with(KvSetting.DATA, data)
              .with(KvSetting.LISTEN, any)
              .with(KvSetting.STATUS, "")
              .with(KvSetting.STOP_PATIENCE, "1s");
      try (PdClient client =
              EndpointPdClient.connect(List.of(otherPd), ClientConfig.DEFAULT, runtime);
          StoreProcess running = StoreProcess.start(config, client)) {
        refused(
            FAILED, "is in use by another", "kv", "--data", data, "--listen", any, "--pd", otherPd);
      }
      refused(
          FAILED, "use another data directory", "kv", "--data", data, "--listen", any, "--pd", pd);
    } finally {
      runtime.close();
    }
  }

  @Test
  void numbersOutOfBounds() throws Exception {
    refused(WRONG_USAGE, "--keys must be from 1", "bench", "raw", "--keys", "-1");
    refused(WRONG_USAGE, "--threads must be from 1", "bench", "txn", "--threads", "1,0");
    refused(WRONG_USAGE, "--value-size must be from 1", "bench", "raw", "--value-size", "-1");
    refused(WRONG_USAGE, "--duration", "bench", "raw", "--duration", "0s");
    refused(WRONG_USAGE, "--stores must be from 3", "bench", "pd-heartbeats", "--stores", "2");
    refused(WRONG_USAGE, "'-1' is not an id", "ctl", "store", "-1");
    refused(WRONG_USAGE, "--limit must be 1", "kv", "scan", "--limit=-4");
    refused(WRONG_USAGE, "terminals", "tpcc", "run", "--terminals", "0");
  }

  @Test
  void unknownOptionsAndSettings() throws Exception {
    refused(WRONG_USAGE, "--bogus", "kv", "get", "k", "--bogus");
    refused(WRONG_USAGE, "see kittiwake --help", "playgruond");
    refused(WRONG_USAGE, "put, get, delete or scan", "kv");
    refused(WRONG_USAGE, "--duration", "tpcc", "run", "--duration", "soon");
    Path settings = Files.writeString(directory.resolve("x.conf"), "colour = blue\n");
    String data = directory.resolve("none").toString();
    String file = settings.toString();
    refused(FAILED, "colour", "pd", "--data", data, "--config", file);
    refused(FAILED, "colour", "kv", "--data", data, "--config", file, "--pd", pd);
    refused(FAILED, "there is no", "pd", "--data", data, "--config", file + ".gone");
  }
}
