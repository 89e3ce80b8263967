package dev.kittiwake.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.pd.EndpointPdClient;
import dev.kittiwake.client.rpc.GrpcKvRpc;
import dev.kittiwake.client.rpc.KvRpc;
import dev.kittiwake.embedded.LocalCluster;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.sql.service.SqlServer;
import dev.kittiwake.sql.service.SqlServerConfig;
import io.grpc.Status;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A commit reaches the stores, or not, and no answer comes back: the user of the driver must be
 * told neither success nor failure, but 08007. Through the driver, a SQL server, a client over gRPC
 * and a cluster.
 */
@Timeout(300)
class UndeterminedCommitTest {
  /** What the way to the stores loses. */
  private enum Loss {
    NOTHING,
    ANSWERS,
    REQUESTS
  }

  /**
   * The real way to the stores, which can lose what passes. Reads always pass: before a commit the
   * schema is read again if the last look is too long ago, and a commit that fails there is known
   * not to have happened.
   */
  private record LosingRpc(KvRpc way, AtomicReference<Loss> loss) implements KvRpc {
    private static final Set<KvMethod<?, ?>> READS =
        Set.of(KvMethod.KV_GET, KvMethod.KV_BATCH_GET, KvMethod.KV_SCAN);

    @Override
    public KvEndpoint endpoint(String address) {
      KvEndpoint store = way.endpoint(address);
      return new KvEndpoint() {
        @Override
        public <Q, R> CompletableFuture<R> call(KvMethod<Q, R> method, Q request) {
          if (READS.contains(method)) {
            return store.call(method, request);
          }
          if (loss.get() == Loss.REQUESTS) {
            return lost();
          }
          return store
              .call(method, request)
              .handle(
                  (answer, failure) ->
                      loss.get() == Loss.NOTHING && failure == null
                          ? CompletableFuture.completedFuture(answer)
                          : LosingRpc.<R>lost())
              .thenCompose(next -> next);
        }
      };
    }

    private static <R> CompletableFuture<R> lost() {
      return CompletableFuture.failedFuture(
          Status.UNAVAILABLE.withDescription("connection reset").asRuntimeException());
    }

    @Override
    public void close() {
      way.close();
    }
  }

  /**
   * A clock that goes on only while something is lost: what comes before and after has all the time
   * it takes.
   */
  private static final class LossTime implements LongSupplier {
    private final AtomicReference<Loss> loss;
    private long nanos; // guarded by this
    private long lastLook = System.nanoTime(); // guarded by this

    LossTime(AtomicReference<Loss> loss) {
      this.loss = loss;
    }

    @Override
    public synchronized long getAsLong() {
      long now = System.nanoTime();
      if (loss.get() != Loss.NOTHING) {
        nanos += now - lastLook;
      }
      lastLook = now;
      return nanos;
    }
  }

  private interface Work {
    void with(Connection connection) throws SQLException;
  }

  /** Runs {@code commit} while everything is lost; answers what the user was told. */
  private static SQLException whileLosing(
      Loss loss, Work before, Work commit, Set<Integer> rowsAfterwards) throws SQLException {
    AtomicReference<Loss> losing = new AtomicReference<>(Loss.NOTHING);
    ClientConfig config =
        ClientConfig.DEFAULT.withBudgets(Duration.ofSeconds(3), Duration.ofSeconds(3));
    ClientRuntime machine = ClientRuntime.production();
    ClientRuntime runtime =
        new ClientRuntime(
            new LossTime(losing),
            machine.timer(),
            machine.background(),
            machine.random(),
            machine.await(),
            machine.shutdown());
    try (LocalCluster cluster =
        LocalCluster.builder()
            .stores(1)
            .kv(KvConfig.fastTest())
            .listen("127.0.0.1", 0, 0)
            .start()) {
      String pd = cluster.pdUrl().replace("http://", "");
      ClusterClient client =
          new ClusterClient(
              EndpointPdClient.connect(List.of(pd), config, runtime),
              new LosingRpc(new GrpcKvRpc(config, runtime), losing),
              config,
              runtime);
      try (ClusterSource engine = ClusterSource.over(client);
          SqlServer server =
              SqlServer.start(engine, SqlServerConfig.DEFAULT.withAddress("127.0.0.1", 0))) {
        String url =
            "jdbc:kittiwake:sql://127.0.0.1:"
                + server.port()
                + "/public?connectTimeoutMillis=120000";
        SQLException told;
        try (Connection connection = DriverManager.getConnection(url)) {
          execute(connection, "CREATE TABLE T (ID INT PRIMARY KEY)");
          before.with(connection);
          losing.set(loss);
          told = assertThrows(SQLException.class, () -> commit.with(connection));
          losing.set(Loss.NOTHING);
        }
        try (Connection later = DriverManager.getConnection(url);
            Statement statement = later.createStatement();
            ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM T")) {
          assertTrue(rows.next());
          assertTrue(rowsAfterwards.contains(rows.getInt(1)), rows.getInt(1) + " rows");
        }
        return told;
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void assertUnknown(SQLException told) {
    assertEquals("08007", told.getSQLState(), told.toString());
    assertTrue(told.getMessage().contains("may or may not be committed"), told.getMessage());
    assertFalse(told.getMessage().contains("is not committed"), told.getMessage());
    assertFalse(told.getMessage().contains("\n"), told.getMessage());
  }

  @ParameterizedTest
  @EnumSource(names = {"ANSWERS", "REQUESTS"})
  void aCommitWithoutAnswerIs08007(Loss loss) throws SQLException {
    assertUnknown(
        whileLosing(
            loss,
            connection -> {
              connection.setAutoCommit(false);
              execute(connection, "INSERT INTO T VALUES (1), (2)");
            },
            Connection::commit,
            // What arrived may have been the first phase only: all or nothing, nobody knows which.
            loss == Loss.ANSWERS ? Set.of(0, 2) : Set.of(0)));
  }

  @Test
  void soIsAStatementThatCommitsByItself() throws SQLException {
    assertUnknown(
        whileLosing(
            Loss.ANSWERS,
            connection -> execute(connection, "INSERT INTO T VALUES (7)"),
            connection -> execute(connection, "INSERT INTO T VALUES (1)"),
            Set.of(1, 2)));
  }
}
