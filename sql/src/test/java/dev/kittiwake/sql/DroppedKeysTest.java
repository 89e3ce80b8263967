package dev.kittiwake.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.client.txn.MemoryTransactionClient;
import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** What is dropped is also deleted, sooner or later, and nothing else is. */
class DroppedKeysTest {
  private final MemoryTransactionClient store = new MemoryTransactionClient();
  private final Queue<Runnable> background = new ArrayDeque<>();

  private SqlEngine engine() {
    return new SqlEngine(
        store,
        SqlConfig.DEFAULT,
        new SqlRuntime(
            InstantSource.fixed(Instant.EPOCH),
            () -> 0, // no time passes: nothing is looked at again because it is old
            background::add,
            millis -> {},
            ZoneOffset.UTC));
  }

  private void run(SqlSession session, String... statements) {
    for (String sql : statements) {
      session.execute(sql, List.of(), ExecuteOptions.DEFAULT);
    }
  }

  private void runBackground() {
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }

  private int keys(String from, String to) {
    int count = 0;
    try (Scan scan =
        store.latestSnapshot().scan(from.getBytes(), to.getBytes(), ScanOptions.FORWARD)) {
      while (scan.next()) {
        count++;
      }
    }
    return count;
  }

  private int rowsAndEntries() {
    return keys("t", "u");
  }

  @Test
  void keysOfDroppedTablesAndIndexesAreDeleted() {
    try (SqlEngine engine = engine();
        SqlSession session = engine.open(SessionOptions.DEFAULT)) {
      run(
          session,
          "CREATE TABLE stays (a INT PRIMARY KEY, b INT)",
          "CREATE INDEX by_b ON stays (b)");
      run(session, "CREATE TABLE goes (a INT PRIMARY KEY, b INT, UNIQUE (b))");
      List<List<Object>> rows = new ArrayList<>();
      for (int i = 0; i < 1500; i++) {
        rows.add(List.of(i, i));
      }
      session.executeBatch("INSERT INTO goes VALUES (?, ?)", rows, ExecuteOptions.DEFAULT);
      run(session, "INSERT INTO stays VALUES (1, 1), (2, 2)");
      assertEquals(3004, rowsAndEntries());
      run(
          session,
          "TRUNCATE TABLE goes",
          "INSERT INTO goes VALUES (7, 7)",
          "DROP INDEX by_b ON stays");
      assertEquals(3006, rowsAndEntries(), "deleted later");
      runBackground();
      assertEquals(4, rowsAndEntries(), "two rows of one table, a row and its entry of the other");
      run(session, "DROP TABLE goes");
    }
    background.clear(); // the process stops before it has swept
    try (SqlEngine next = engine();
        SqlSession session = next.open(SessionOptions.DEFAULT)) {
      run(session, "CREATE TABLE x (a INT PRIMARY KEY)", "DROP TABLE x");
      runBackground();
      assertEquals(2, rowsAndEntries());
      assertEquals(0, keys("m_left_", "m_left`"));
    }
  }

  @Test
  void aClosedEngineLeavesTheRestToTheNext() {
    try (SqlEngine engine = engine();
        SqlSession session = engine.open(SessionOptions.DEFAULT)) {
      run(session, "CREATE TABLE goes (a INT PRIMARY KEY)", "INSERT INTO goes VALUES (1), (2)");
      run(session, "DROP TABLE goes");
    }
    long requests = store.requests();
    runBackground();
    assertEquals(requests, store.requests(), "nothing is asked of a store that may be closed");
    assertEquals(2, rowsAndEntries());
    try (SqlEngine engine = engine();
        SqlSession session = engine.open(SessionOptions.DEFAULT)) {
      run(session, "CREATE TABLE other (a INT PRIMARY KEY)", "DROP TABLE other");
      runBackground();
    }
    assertEquals(0, rowsAndEntries());
  }
}
