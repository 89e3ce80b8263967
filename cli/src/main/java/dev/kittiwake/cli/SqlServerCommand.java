package dev.kittiwake.cli;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.sql.SqlEngine;
import dev.kittiwake.sql.service.SqlServer;
import dev.kittiwake.sql.service.SqlServerConfig;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A SQL server as this process: keeps no data, any number may run. */
@Command(
    name = "sql-server",
    mixinStandardHelpOptions = true,
    description = "Run a SQL server for thin clients (jdbc:kittiwake:sql://…).")
final class SqlServerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClusterOptions cluster;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "default: ${DEFAULT-VALUE}",
      defaultValue = "127.0.0.1:4000")
  private String listen;

  @Override
  public Integer call() throws Exception {
    HostAndPort address = HostAndPort.parse(listen);
    try (ClusterClient client = cluster.connect();
        SqlEngine engine = SqlEngines.over(client);
        SqlServer server =
            SqlServer.start(
                engine, SqlServerConfig.DEFAULT.withAddress(address.host(), address.port()))) {
      engine.warmUp();
      spec.commandLine()
          .getOut()
          .println(
              "SQL server is ready: jdbc:kittiwake:sql://"
                  + address.host()
                  + ":"
                  + server.port()
                  + "/public");
      spec.commandLine().getOut().flush();
      return Shutdown.await(() -> {}, new CompletableFuture<Throwable>());
    }
  }
}
