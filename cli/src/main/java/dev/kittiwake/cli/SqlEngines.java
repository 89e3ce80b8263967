package dev.kittiwake.cli;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.sql.SqlConfig;
import dev.kittiwake.sql.SqlEngine;
import dev.kittiwake.sql.SqlRuntime;

/** SQL engines of the servers in this module. */
final class SqlEngines {
  private SqlEngines() {}

  static SqlEngine over(ClusterClient client) {
    return new SqlEngine(client.transactions(), SqlConfig.DEFAULT, SqlRuntime.production());
  }
}
