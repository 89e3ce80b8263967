package dev.kittiwake.sql.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.sql.ExecuteOptions;
import dev.kittiwake.sql.MemoryDatabase;
import dev.kittiwake.sql.Result;
import dev.kittiwake.sql.SessionOptions;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlSession;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions in a server, over loopback. What statements do is tested through the driver. */
class SqlServerTest {
  private static final int PATIENCE_MILLIS = 120_000;

  private final MemoryDatabase database = new MemoryDatabase();
  private final AtomicLong nanos = new AtomicLong(); // the server's clock
  private SqlServer server;
  private RemoteSource source;

  private SqlSession start(SqlServerConfig config) {
    server = SqlServer.start(database, config.withAddress("127.0.0.1", 0), nanos::get);
    source = RemoteSource.over(List.of("127.0.0.1:" + server.port()), PATIENCE_MILLIS);
    return source.open(SessionOptions.DEFAULT);
  }

  @AfterEach
  void stop() {
    source.close();
    server.close();
    database.close();
  }

  private static Result run(SqlSession session, String sql) {
    return session.execute(sql, List.of(), ExecuteOptions.DEFAULT);
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, what);
      Thread.onSpinWait();
    }
  }

  @Test
  void aSessionMoreThanTheLimitIsRefusedAndOneLessIsWelcome() {
    SqlSession first = start(SqlServerConfig.DEFAULT.withMaxSessions(1));
    SqlError refused = assertThrows(SqlError.class, () -> source.open(SessionOptions.DEFAULT));
    assertEquals("08001", refused.sqlState());
    assertTrue(
        refused.getMessage().contains("1 sessions, which is its limit"), refused.getMessage());
    first.close();
    await("the closed session leaves", () -> server.sessionCount() == 0);
    source.open(SessionOptions.DEFAULT).close();
  }

  @Test
  void anIdleSessionIsEndedAndItsTransactionRolledBack() {
    SqlSession idle = start(SqlServerConfig.DEFAULT.withIdleMillis(100));
    run(idle, "CREATE TABLE T (A INT PRIMARY KEY)");
    idle.setAutoCommit(false);
    run(idle, "INSERT INTO T VALUES (1)");
    assertTrue(idle.inTransaction());
    await(
        "the idle session ends",
        () -> {
          nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1)); // its last call may just be ending
          return idle.isClosed();
        });
    SqlError ended = assertThrows(SqlError.class, () -> run(idle, "SELECT * FROM T"));
    assertEquals("08006", ended.sqlState());
    assertTrue(ended.getMessage().contains("no call for 100 ms"), ended.getMessage());
    try (SqlSession other = database.open(SessionOptions.DEFAULT)) {
      Result.Rows rows = (Result.Rows) run(other, "SELECT A FROM T");
      assertFalse(rows.cursor().next());
    }
  }

  @Test
  void aServerThatStopsDuringACommitLeavesItsOutcomeUnknown() {
    assertEquals("08007", stateAfterLosing("INSERT INTO T VALUES (1)", true));
  }

  @Test
  void aServerThatStopsDuringAReadBreaksTheConnection() {
    assertEquals("08006", stateAfterLosing("SELECT * FROM T", true));
  }

  @Test
  void aServerThatStopsDuringAChangeInATransactionBreaksTheConnection() {
    assertEquals("08006", stateAfterLosing("INSERT INTO T VALUES (1)", false));
  }

  /** The state that a statement ends with when the server goes away before it answers. */
  private String stateAfterLosing(String sql, boolean autoCommit) {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    HangingSource hanging = new HangingSource(database, running, gone);
    server = SqlServer.start(hanging, SqlServerConfig.DEFAULT.withAddress("127.0.0.1", 0));
    source = RemoteSource.over(List.of("127.0.0.1:" + server.port()), PATIENCE_MILLIS);
    SqlSession session = source.open(SessionOptions.DEFAULT);
    session.setAutoCommit(autoCommit);
    if (!autoCommit) {
      run(session, HangingSource.HARMLESS);
    }
    Thread killer =
        new Thread(
            () -> {
              try {
                running.await(120, TimeUnit.SECONDS);
                source.close(); // the client's connection is cut
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    killer.start();
    try {
      return assertThrows(SqlError.class, () -> run(session, sql)).sqlState();
    } finally {
      gone.countDown();
    }
  }

  @Test
  void cancelNeedsTheToken() {
    SqlSession session = start(SqlServerConfig.DEFAULT);
    session.cancel(); // nothing runs: harmless
    assertTrue(run(session, "VALUES (1)") instanceof Result.Rows);
    session.close();
    session.cancel(); // harmless after the end, too
  }

  @Test
  void theServerSaysThatItIsHealthy() throws InterruptedException {
    start(SqlServerConfig.DEFAULT);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    try {
      assertEquals(
          ServingStatus.SERVING,
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus());
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void aTakenPortIsOneClearLine() {
    start(SqlServerConfig.DEFAULT);
    SqlError taken =
        assertThrows(
            SqlError.class,
            () ->
                SqlServer.start(
                    database, SqlServerConfig.DEFAULT.withAddress("127.0.0.1", server.port())));
    assertTrue(taken.getMessage().contains("127.0.0.1:" + server.port()), taken.getMessage());
    assertTrue(taken.getMessage().contains("choose another port"), taken.getMessage());
  }

  @Test
  void anUnknownSchemaIsTheServersAnswer() {
    start(SqlServerConfig.DEFAULT);
    SqlSession session = source.open(SessionOptions.DEFAULT);
    session.setSchema("nowhere");
    SqlError unknown =
        assertThrows(SqlError.class, () -> run(session, "CREATE TABLE T (A INT PRIMARY KEY)"));
    assertFalse(unknown.sqlState().startsWith("08"), unknown.getMessage());
    session.setSchema("public");
    run(session, "CREATE TABLE T (A INT PRIMARY KEY)");
  }
}
