package dev.kittiwake.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.embedded.LocalCluster;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SQL on a cluster of real stores: locks, conflicts, schema changes and restarts. */
@Timeout(300)
class SqlOnClusterTest {
  private static final KvConfig SMALL = KvConfig.fastTest().with(KvSetting.WAL_SEGMENT, "1MiB");

  private static LocalCluster cluster;
  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final String schema = "s" + SCHEMAS.incrementAndGet();
  private SqlEngine engine;
  private SqlSession a;
  private SqlSession b;

  @BeforeAll
  static void start() {
    cluster = LocalCluster.builder().stores(1).inMemory().kv(SMALL).start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void open() {
    engine = engineOn(cluster);
    a = session(engine);
    run(a, "CREATE SCHEMA " + schema);
    run(a, "USE " + schema);
    b = session(engine);
    run(b, "USE " + schema);
  }

  @AfterEach
  void close() throws Exception {
    threads.shutdownNow();
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private SqlEngine engineOn(LocalCluster on) {
    ClusterClient client = on.connect();
    opened.add(client);
    SqlEngine made =
        new SqlEngine(client.transactions(), SqlConfig.DEFAULT, SqlRuntime.production());
    opened.add(made);
    return made;
  }

  private static SqlSession session(SqlEngine engine) {
    return engine.open(SessionOptions.DEFAULT.withLockWaitMillis(120_000));
  }

  private static List<String> run(SqlSession session, String sql) {
    return SqlPrinter.execute(session, sql, List.of(), false);
  }

  private Future<List<String>> start(SqlSession session, String sql) {
    return threads.submit(() -> run(session, sql));
  }

  private static List<String> end(Future<List<String>> future) throws Exception {
    return future.get(120, TimeUnit.SECONDS);
  }

  /** Not a measurement: a statement that did not wait would be done by now, most of the time. */
  private static void assertWaits(Future<List<String>> future) {
    assertThrows(TimeoutException.class, () -> future.get(200, TimeUnit.MILLISECONDS));
  }

  private static void both(SqlSession one, SqlSession other, String sql) {
    run(one, sql);
    run(other, sql);
  }

  @Test
  void rowsAreChangedAndFound() {
    run(a, "CREATE TABLE t (a INT, b INT, v VARCHAR(20), d DECIMAL(8,2), PRIMARY KEY (a, b))");
    run(a, "CREATE INDEX by_v ON t (v)");
    assertEquals(
        List.of("changed 3"),
        run(a, "INSERT INTO t VALUES (1, 1, 'x', 1.5), (1, 2, 'y', 2), (2, 1, 'x', NULL)"));
    assertEquals(List.of("changed 2"), run(a, "UPDATE t SET d = COALESCE(d, 0) + 1 WHERE v = 'x'"));
    assertEquals(List.of("changed 1"), run(a, "DELETE FROM t WHERE a = 1 AND b = 2"));
    assertEquals(
        List.of("a | b | v | d", "  1 | 1 | x | 2.50", "  2 | 1 | x | 1.00"),
        run(b, "SELECT * FROM t ORDER BY a"));
    assertEquals(
        List.of("count(*) | sum(d)", "  2 | 3.50"),
        run(b, "SELECT count(*), sum(d) FROM t WHERE v = 'x'"));
    run(a, "TRUNCATE TABLE t");
    assertEquals(List.of("a | b | v | d"), run(b, "SELECT * FROM t"));
    run(a, "DROP TABLE t");
    assertEquals(
        List.of("error 42S02 at 15: table t does not exist in schema " + schema),
        run(b, "SELECT * FROM t"));
  }

  @Test
  void aLockedRowIsWaitedForAndThenReadAsItIsNow() throws Exception {
    run(a, "CREATE TABLE t (a INT PRIMARY KEY, v INT)");
    run(a, "INSERT INTO t VALUES (1, 1), (2, 2)");
    both(a, b, "BEGIN");
    assertEquals(List.of("v", "  1"), run(a, "SELECT v FROM t WHERE a = 1 FOR UPDATE"));
    assertEquals(List.of("v", "  1"), run(b, "SELECT v FROM t WHERE a = 1"));
    Future<List<String>> waiting = start(b, "SELECT v FROM t WHERE a = 1 FOR UPDATE");
    assertWaits(waiting);
    run(a, "UPDATE t SET v = 100 WHERE a = 1");
    assertEquals(List.of("ok"), run(a, "COMMIT"));
    assertEquals(List.of("v", "  100"), end(waiting));
    assertEquals(List.of("v", "  2"), run(b, "SELECT v FROM t WHERE a = 2"));
    run(a, "BEGIN");
    String refused = run(a, "SELECT v FROM t WHERE a = 1 FOR UPDATE NOWAIT").get(0);
    assertTrue(refused.startsWith("error 55P03"), refused);
    both(a, b, "COMMIT");
  }

  @Test
  void aRowDeletedWhileItWasWaitedForIsPassedOverAndNotLocked() throws Exception {
    run(a, "CREATE TABLE q (a INT PRIMARY KEY, v INT)");
    for (String isolation : List.of("REPEATABLE READ", "READ COMMITTED")) {
      run(a, "DELETE FROM q");
      run(a, "INSERT INTO q VALUES (1, 1), (2, 2), (3, 3)");
      run(b, "SET TRANSACTION ISOLATION LEVEL " + isolation);
      both(a, b, "BEGIN");
      assertEquals(List.of("a", "  1"), run(a, "SELECT a FROM q ORDER BY a LIMIT 1 FOR UPDATE"));
      assertEquals(List.of("count(*)", "  3"), run(b, "SELECT count(*) FROM q"));
      Future<List<String>> waiting = start(b, "SELECT a FROM q ORDER BY a LIMIT 1 FOR UPDATE");
      assertWaits(waiting);
      run(a, "DELETE FROM q WHERE a = 1");
      assertEquals(List.of("ok"), run(a, "COMMIT"));
      assertEquals(List.of("a", "  2"), end(waiting));
      // Nobody waits for b where the first row was.
      assertEquals(List.of("changed 1"), end(start(a, "INSERT INTO q VALUES (1, 100)")));
      assertEquals(List.of("ok"), run(b, "COMMIT"));
    }
  }

  @Test
  void aTransactionReadsItsSnapshot() {
    run(a, "CREATE TABLE t (a INT PRIMARY KEY, v INT)");
    run(a, "INSERT INTO t VALUES (1, 1)");
    run(a, "BEGIN");
    assertEquals(List.of("a | v", "  1 | 1"), run(a, "SELECT * FROM t"));
    run(b, "UPDATE t SET v = 2 WHERE a = 1");
    run(b, "INSERT INTO t VALUES (2, 2)");
    assertEquals(List.of("a | v", "  1 | 1"), run(a, "SELECT * FROM t"));
    run(a, "COMMIT");
    assertEquals(List.of("a | v", "  1 | 2", "  2 | 2"), run(a, "SELECT * FROM t"));
  }

  @Test
  void ofTwoThatWaitForEachOtherOneIsRefused() throws Exception {
    run(a, "CREATE TABLE t (a INT PRIMARY KEY, v INT)");
    run(a, "INSERT INTO t VALUES (1, 1), (2, 2)");
    both(a, b, "BEGIN");
    run(a, "UPDATE t SET v = 10 WHERE a = 1");
    run(b, "UPDATE t SET v = 20 WHERE a = 2");
    Future<List<String>> first = start(a, "UPDATE t SET v = 10 WHERE a = 2");
    Future<List<String>> second = start(b, "UPDATE t SET v = 20 WHERE a = 1");
    List<String> ends = List.of(end(first).get(0), end(second).get(0));
    assertEquals(1, ends.stream().filter(e -> e.equals("changed 1")).count(), ends.toString());
    assertEquals(
        1,
        ends.stream().filter(e -> e.startsWith("error 40001: deadlock")).count(),
        ends.toString());
    SqlSession winner = ends.get(0).equals("changed 1") ? a : b;
    int value = winner == a ? 10 : 20;
    assertEquals(List.of("ok"), run(winner, "COMMIT"));
    run(winner == a ? b : a, "ROLLBACK");
    assertEquals(
        List.of("v", "  " + value, "  " + value), run(winner, "SELECT v FROM t ORDER BY a"));
  }

  @Test
  void aKeyThatIsThereIsRefusedInAnyMode() {
    run(a, "CREATE TABLE t (a INT PRIMARY KEY, u VARCHAR(5) UNIQUE)");
    run(a, "INSERT INTO t VALUES (1, 'x')");
    String key = "error 23505: duplicate key: t_pkey of table t already holds (a) = (1)";
    String unique = "error 23505: duplicate key: t_u_key of table t already holds (u) = ('x')";
    assertEquals(List.of(key), run(a, "INSERT INTO t VALUES (1, 'y')"));
    assertEquals(List.of(unique), run(a, "INSERT INTO t VALUES (2, 'x')"));
    assertEquals(
        List.of(key),
        SqlPrinter.execute(
            a, "INSERT INTO t VALUES (?, ?)", List.of(List.of(5, "p"), List.of(1, "q")), true));
    run(a, "BEGIN");
    assertEquals(List.of(unique), run(a, "INSERT INTO t VALUES (2, 'x')"));
    assertEquals(List.of(key), run(a, "INSERT INTO t VALUES (3, 'z'), (1, 'y')"));
    assertEquals(List.of("changed 1"), run(a, "INSERT INTO t VALUES (4, 'v')"));
    run(a, "COMMIT");
    assertEquals(List.of("a | u", "  1 | x", "  4 | v"), run(b, "SELECT * FROM t ORDER BY a"));
  }

  @Test
  void anIndexIsFilledWhileAnotherSessionWrites() throws Exception {
    run(a, "CREATE TABLE t (a INT PRIMARY KEY, v INT)");
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      rows.add(List.of(i, i % 10));
    }
    SqlPrinter.execute(a, "INSERT INTO t VALUES (?, ?)", rows, true);
    SqlSession other = session(engineOn(cluster)); // has a schema cache of its own
    run(other, "USE " + schema);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger done = new AtomicInteger();
    Future<?> writer =
        threads.submit(
            () -> {
              for (int i = 0; !stop.get(); i++) {
                int row = i * 7 % 1500;
                String sql =
                    switch (i % 3) {
                      case 0 -> "UPDATE t SET v = 10 + " + i % 5 + " WHERE a = " + row;
                      case 1 -> "DELETE FROM t WHERE a = " + row;
                      default -> "INSERT INTO t VALUES (" + (10_000 + i) + ", " + i % 10 + ")";
                    };
                List<String> end = run(other, sql);
                if (end.get(0).startsWith("changed")) {
                  done.incrementAndGet();
                } else {
                  assertTrue(end.get(0).startsWith("error 40001"), end.toString());
                }
              }
            });
    awaitMore(done, writer);
    assertEquals(List.of("ok"), run(a, "CREATE INDEX by_v ON t (v)"));
    awaitMore(done, writer);
    stop.set(true);
    writer.get(120, TimeUnit.SECONDS);
    assertTrue(
        run(a, "EXPLAIN SELECT a FROM t WHERE v = 3").get(1).contains("by_v"), "by the index");
    int all = 0;
    for (int v = 0; v < 15; v++) {
      List<String> byIndex = run(a, "SELECT a FROM t WHERE v = " + v + " ORDER BY a");
      List<String> byScan = run(a, "SELECT a FROM t WHERE v + 0 = " + v + " ORDER BY a");
      assertEquals(byScan, byIndex, "v = " + v);
      all += byIndex.size() - 1;
    }
    assertEquals(List.of("count(*)", "  " + all), run(a, "SELECT count(*) FROM t"));
  }

  /** Until the writer has changed something from now on. */
  private static void awaitMore(AtomicInteger done, Future<?> writer) throws Exception {
    int before = done.get();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (done.get() == before) {
      if (writer.isDone()) {
        writer.get(); // throws what it failed with
      }
      assertTrue(System.nanoTime() < deadline, "nothing is written any more");
      Thread.onSpinWait();
    }
  }

  @Test
  void anotherEngineSeesSchemaChanges() {
    run(a, "CREATE TABLE t (a INT PRIMARY KEY, v INT)");
    SqlSession other = session(engineOn(cluster));
    run(other, "USE " + schema);
    assertEquals(List.of("changed 1"), run(other, "INSERT INTO t VALUES (1, 1)"));
    run(a, "CREATE TABLE made_later (a INT PRIMARY KEY)");
    assertEquals(List.of("changed 1"), run(other, "INSERT INTO made_later VALUES (1)"));
    run(other, "BEGIN");
    run(other, "INSERT INTO t VALUES (2, 2)");
    run(a, "CREATE UNIQUE INDEX only_v ON t (v)");
    String refused = run(other, "COMMIT").get(0);
    assertTrue(refused.startsWith("error 40001: table t was changed by DDL"), refused);
    assertEquals(
        List.of("error 23505: duplicate key: only_v of table t already holds (v) = (1)"),
        run(other, "INSERT INTO t VALUES (2, 1)"));
  }

  @Test
  void schemaAndRowsSurviveARestart(@TempDir Path directory) throws Exception {
    LocalCluster.Builder onDisk = LocalCluster.builder().stores(1).dataDir(directory).kv(SMALL);
    try (LocalCluster first = onDisk.start();
        ClusterClient client = first.connect();
        SqlEngine sql =
            new SqlEngine(client.transactions(), SqlConfig.DEFAULT, SqlRuntime.production())) {
      SqlSession session = session(sql);
      run(session, "CREATE TABLE t (a INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(9), UNIQUE (v))");
      assertEquals("changed 2", run(session, "INSERT INTO t (v) VALUES ('x'), ('y')").get(0));
    }
    try (LocalCluster again = onDisk.start();
        ClusterClient client = again.connect();
        SqlEngine sql =
            new SqlEngine(client.transactions(), SqlConfig.DEFAULT, SqlRuntime.production())) {
      SqlSession session = session(sql);
      assertEquals(List.of("a | v", "  1 | x", "  2 | y"), run(session, "SELECT * FROM t"));
      assertEquals(
          List.of("error 23505: duplicate key: t_v_key of table t already holds (v) = ('y')"),
          run(session, "INSERT INTO t (v) VALUES ('y')"));
      assertEquals("changed 1", run(session, "INSERT INTO t (v) VALUES ('z')").get(0));
      assertEquals(List.of("v", "  z"), run(session, "SELECT v FROM t WHERE a > 2"));
    }
  }

  @Test
  void aCancelEndsAWaitAndALateOneHurtsNobody() throws Exception {
    run(a, "CREATE TABLE t (a INT PRIMARY KEY, v INT)");
    run(a, "INSERT INTO t VALUES (1, 1)");
    both(a, b, "BEGIN");
    run(a, "UPDATE t SET v = 2 WHERE a = 1");
    Future<List<String>> waiting = start(b, "UPDATE t SET v = 3 WHERE a = 1");
    assertWaits(waiting);
    while (!waiting.isDone()) {
      b.cancel(); // harmless before the statement runs, so: until it has ended
    }
    assertEquals(List.of("error 57014: the statement was cancelled"), end(waiting));
    b.cancel();
    assertEquals(List.of("v", "  1"), run(b, "SELECT v FROM t WHERE a = 1"));
    b.cancel();
    assertEquals(List.of("ok"), run(b, "COMMIT"));
    run(a, "COMMIT");
  }

  @Test
  void closingTheEngineReleasesTheLocksOfItsSessions() {
    run(a, "CREATE TABLE t (a INT PRIMARY KEY, v INT)");
    run(a, "INSERT INTO t VALUES (1, 1)");
    SqlEngine leaving = engineOn(cluster);
    SqlSession left = session(leaving);
    run(left, "USE " + schema);
    run(left, "BEGIN");
    assertEquals(List.of("changed 1"), run(left, "UPDATE t SET v = 2 WHERE a = 1"));
    leaving.close();
    assertEquals(List.of("changed 1"), run(a, "UPDATE t SET v = v + 10 WHERE a = 1"));
    assertEquals(List.of("v", "  11"), run(a, "SELECT v FROM t"));
    assertEquals(List.of("error 08003: the session is closed"), run(left, "SELECT v FROM t"));
  }

  @Test
  void aValueThatNoStoreTakesIsRefused() {
    run(a, "CREATE TABLE t (a INT PRIMARY KEY, v TEXT, w TEXT)");
    String large = "x".repeat(4 << 20);
    List<String> end =
        SqlPrinter.execute(
            a, "INSERT INTO t VALUES (1, ?, ?)", List.of(List.of(large, large)), false);
    assertTrue(end.get(0).startsWith("error 54000: "), end.get(0));
    end =
        SqlPrinter.execute(a, "INSERT INTO t VALUES (2, ?, NULL)", List.of(List.of(large)), false);
    assertTrue(
        end.get(0).startsWith("changed 1") || end.get(0).startsWith("error 54000"), end.get(0));
    assertEquals(List.of("changed 1"), run(a, "INSERT INTO t VALUES (3, 'y', 'z')"));
  }
}
