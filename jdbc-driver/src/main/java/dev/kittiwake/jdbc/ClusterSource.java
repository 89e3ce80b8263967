package dev.kittiwake.jdbc;

import dev.kittiwake.sql.SessionSource;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.util.List;

/** The SQL engine of this JVM over a cluster's placement driver. */
final class ClusterSource {
  private ClusterSource() {}

  static SessionSource open(List<String> endpoints, int connectTimeoutMillis) {
    throw SqlError.of(
        SqlStates.NOT_SUPPORTED,
        "this build cannot run the SQL engine over " + String.join(",", endpoints) + " yet");
  }
}
