package dev.kittiwake.jdbc;

import dev.kittiwake.sql.SessionSource;
import java.nio.file.Path;

/**
 * Makes a cluster inside this JVM for {@code mem:} and {@code file:} URLs. Found by {@link
 * java.util.ServiceLoader}, so that a thin client needs neither stores nor RocksDB on its class
 * path.
 */
public interface EmbeddedDatabase {
  /**
   * Starts a cluster and the SQL engine over it, and answers when both are ready.
   *
   * @param directory where data lives; null for a cluster in memory that ends with its source
   * @param stores number of stores
   * @return closing it stops the engine and the cluster
   * @throws dev.kittiwake.sql.SqlError 08001 if the directory cannot be used
   */
  SessionSource open(Path directory, int stores);
}
