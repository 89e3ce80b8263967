package dev.kittiwake.jdbc;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.PdUnavailableException;
import dev.kittiwake.sql.SessionOptions;
import dev.kittiwake.sql.SessionSource;
import dev.kittiwake.sql.SqlConfig;
import dev.kittiwake.sql.SqlEngine;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlRuntime;
import dev.kittiwake.sql.SqlSession;
import dev.kittiwake.sql.SqlStates;
import java.time.Duration;
import java.util.List;

/** The SQL engine of this JVM over a cluster. Thread-safe. */
final class ClusterSource implements SessionSource {
  private final ClusterClient client;
  private final SqlEngine engine;

  private ClusterSource(ClusterClient client) {
    this.client = client;
    this.engine = new SqlEngine(client.transactions(), SqlConfig.DEFAULT, SqlRuntime.production());
    engine.warmUp();
  }

  /** Takes the client over: it is closed with the source. */
  static ClusterSource over(ClusterClient client) {
    return new ClusterSource(client);
  }

  /**
   * @throws SqlError 08001 if no placement driver answers in time
   */
  static ClusterSource open(List<String> endpoints, int connectTimeoutMillis) {
    try {
      return over(
          ClusterClient.connect(
              endpoints, ClientConfig.DEFAULT, Duration.ofMillis(connectTimeoutMillis)));
    } catch (PdUnavailableException e) {
      throw SqlError.of(
          SqlStates.CANNOT_CONNECT,
          "no placement driver answers at "
              + String.join(", ", endpoints)
              + " within "
              + connectTimeoutMillis
              + " ms; check the addresses in the URL and that the cluster runs ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  @Override
  public SqlSession open(SessionOptions options) {
    return engine.open(options);
  }

  @Override
  public void close() {
    try {
      engine.close();
    } finally {
      client.close();
    }
  }
}
