package dev.kittiwake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * T10: an index is filled while rows come, change and go, and every store is killed and started
 * again, one after the other. At the end the index and the table tell the same.
 */
class T10IndexFillTest {
  private static final int ROWS = 6_000;
  private static final int ROWS_PER_INSERT = 300;
  private static final int PATIENCE_SECONDS = 240;

  @TempDir Path directory;

  /** Statements on a connection that is opened anew when it has failed. */
  private static final class Worker {
    private final String url;
    private Connection connection;

    Worker(String url) {
      this.url = url;
    }

    void execute(String sql) throws SQLException {
      if (connection == null) {
        connection = DriverManager.getConnection(url);
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException failed) {
        connection.close();
        connection = null;
        throw failed;
      }
    }

    /** Again and again, as somebody at a shell would. */
    void untilDone(String... all) {
      for (int next = 0; next < all.length && !Thread.currentThread().isInterrupted(); ) {
        try {
          execute(all[next]);
          next++;
        } catch (SQLException failed) {
          next = 0;
        }
      }
    }
  }

  @Test
  void anIndexFilledInARollingRestartMissesNothing() throws Exception {
    ExecutorService crew = Executors.newFixedThreadPool(3);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicBoolean allKilled = new AtomicBoolean();
    AtomicInteger changes = new AtomicInteger();
    List<CompletableFuture<Void>> changing = new ArrayList<>();
    try (ProcessCluster cluster = ProcessCluster.start(directory)) {
      String url = cluster.jdbcUrl();
      Worker worker = new Worker(url);
      worker.untilDone(
          "CREATE TABLE IF NOT EXISTS bird (id INT PRIMARY KEY, name VARCHAR(20), seen INT)");
      for (int from = 0; from < ROWS; from += ROWS_PER_INSERT) {
        worker.untilDone(
            "DELETE FROM bird WHERE id >= " + from + " AND id < " + (from + ROWS_PER_INSERT),
            rows(from));
      }
      for (long seed = 1; seed <= 2; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        changing.add(
            CompletableFuture.runAsync(() -> change(new Worker(url), random, stop, changes), crew));
      }

      CompletableFuture<Void> filled =
          CompletableFuture.runAsync(() -> fill(new Worker(url), allKilled), crew);
      for (int store = 0; store < ProcessCluster.STORES; store++) {
        cluster.store(store).kill();
        allKilled.set(store == ProcessCluster.STORES - 1);
        cluster.store(store).start();
        cluster.store(store).awaitReady();
        int goal = changes.get() + 20;
        ProcessCluster.until("rows change again", () -> changes.get() >= goal);
      }
      filled.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      int goal = changes.get() + 20;
      ProcessCluster.until("rows change with the index, too", () -> changes.get() >= goal);
      stop.set(true);
      for (CompletableFuture<Void> one : changing) {
        one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }

      try (Connection reader = DriverManager.getConnection(url)) {
        TreeMap<Integer, String> byTable =
            read(reader, "SELECT id, name FROM bird WHERE id >= 0", "TableScan");
        TreeMap<Integer, String> byIndex =
            read(reader, "SELECT id, name FROM bird WHERE name >= 'a'", "IndexScan");
        assertEquals(byTable, byIndex, cluster::output);
        assertTrue(byTable.size() > ROWS / 2, "most rows are there: " + byTable.size());
      }
    } finally {
      stop.set(true);
      allKilled.set(true);
      crew.shutdownNow();
    }
  }

  /**
   * Makes the index again and again, so that each store dies while it is made, the last one too.
   */
  private static void fill(Worker worker, AtomicBoolean allKilled) {
    do {
      worker.untilDone("DROP INDEX IF EXISTS by_name", "CREATE INDEX by_name ON bird (name)");
    } while (!allKilled.get());
  }

  private static String rows(int from) {
    StringBuilder sql = new StringBuilder("INSERT INTO bird VALUES ");
    for (int id = from; id < from + ROWS_PER_INSERT; id++) {
      sql.append(id == from ? "" : ", ").append("(" + id + ", 'bird " + id % 97 + "', 0)");
    }
    return sql.toString();
  }

  /** Adds, renames and removes rows; what fails is left as it is. */
  private static void change(
      Worker worker, SplittableRandom random, AtomicBoolean stop, AtomicInteger changes) {
    while (!stop.get()) {
      int id = random.nextInt(ROWS + ROWS / 4);
      String name = "'gull " + random.nextInt(97) + "'";
      try {
        switch (random.nextInt(4)) {
          case 0 -> worker.execute("DELETE FROM bird WHERE id = " + id);
          case 1 -> worker.execute("INSERT INTO bird VALUES (" + id + ", " + name + ", 1)");
          default ->
              worker.execute(
                  "UPDATE bird SET name = " + name + ", seen = seen + 1 WHERE id = " + id);
        }
        changes.incrementAndGet();
      } catch (SQLException refused) {
        // a row that is there already, a store that is away, a schema that changes: all allowed
        assertFalse(refused.getSQLState().startsWith("XX"), refused::toString);
      }
    }
  }

  /** The rows of a query, by id; it must go the way that is expected. */
  private static TreeMap<Integer, String> read(Connection reader, String query, String way)
      throws SQLException {
    try (Statement statement = reader.createStatement()) {
      StringBuilder plan = new StringBuilder();
      try (ResultSet lines = statement.executeQuery("EXPLAIN " + query)) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
      assertTrue(plan.toString().contains(way), plan::toString);
      TreeMap<Integer, String> rows = new TreeMap<>();
      try (ResultSet result = statement.executeQuery(query)) {
        while (result.next()) {
          rows.put(result.getInt(1), result.getString(2));
        }
      }
      return rows;
    }
  }
}
