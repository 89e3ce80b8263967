package dev.kittiwake.jdbc;

import dev.kittiwake.embedded.LocalCluster;
import dev.kittiwake.sql.SessionOptions;
import dev.kittiwake.sql.SessionSource;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlSession;
import dev.kittiwake.sql.SqlStates;
import java.nio.file.Path;

/**
 * {@code mem:} and {@code file:} databases: a placement driver, stores and the engine in this JVM.
 */
public final class LocalClusterDatabase implements EmbeddedDatabase {
  /** For {@link java.util.ServiceLoader}. */
  public LocalClusterDatabase() {}

  @Override
  public SessionSource open(Path directory, int stores) {
    LocalCluster.Builder builder = LocalCluster.builder().stores(stores);
    LocalCluster cluster;
    try {
      cluster = (directory == null ? builder.inMemory() : builder.dataDir(directory)).start();
    } catch (RuntimeException e) {
      throw SqlError.of(
          SqlStates.CANNOT_CONNECT,
          (directory == null ? "the database in memory" : "the database in " + directory)
              + " does not start: "
              + e.getMessage(),
          e);
    }
    return new Opened(cluster, ClusterSource.over(cluster.connect()));
  }

  /** The cluster ends with its sessions. */
  private record Opened(LocalCluster cluster, ClusterSource engine) implements SessionSource {
    @Override
    public SqlSession open(SessionOptions options) {
      return engine.open(options);
    }

    @Override
    public void close() {
      try {
        engine.close();
      } finally {
        cluster.close();
      }
    }
  }
}
