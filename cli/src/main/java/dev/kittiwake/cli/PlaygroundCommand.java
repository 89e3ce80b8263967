package dev.kittiwake.cli;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.embedded.LocalCluster;
import dev.kittiwake.sql.SqlEngine;
import dev.kittiwake.sql.service.SqlServer;
import dev.kittiwake.sql.service.SqlServerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A whole cluster in this process, with its ports open. */
@Command(
    name = "playground",
    mixinStandardHelpOptions = true,
    description = "Start a cluster in one process: PD, stores and SQL; stop it with Ctrl-C.")
final class PlaygroundCommand implements Callable<Integer> {
  private static final String HOST = "127.0.0.1";
  private static final int PORT_TRIES = 200;

  @Spec private CommandSpec spec;

  @Option(names = "--stores", description = "default: ${DEFAULT-VALUE}", defaultValue = "3")
  private int stores;

  @Option(
      names = "--pds",
      description = "members of PD, 1 to 7; default: ${DEFAULT-VALUE}",
      defaultValue = "1")
  private int pds;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "keep the data here; default: a temporary directory, deleted at the end")
  private Path data;

  @Option(
      names = "--pd-port",
      description =
          "gRPC and HTTP of PD; the next free one is taken if it is in use; default: ${DEFAULT-VALUE}",
      defaultValue = "2379")
  private int pdPort;

  @Option(
      names = "--kv-port",
      description = "of the first store, likewise; default: ${DEFAULT-VALUE}",
      defaultValue = "20160")
  private int kvPort;

  @Option(
      names = "--sql-port",
      description = "of the SQL server, likewise; default: ${DEFAULT-VALUE}",
      defaultValue = "4000")
  private int sqlPort;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Path directory = data != null ? data : Files.createTempDirectory("kittiwake-");
    out.println("Starting " + pds() + " and " + stores + " store(s) ...");
    out.flush();
    try (LocalCluster cluster =
            LocalCluster.builder()
                .stores(stores)
                .pd(pds)
                .dataDir(directory)
                .listen(HOST, freePort(pdPort, "--pd-port"), kvPort)
                .start();
        ClusterClient client = cluster.connect();
        SqlEngine engine = SqlEngines.over(client);
        SqlServer sql =
            SqlServer.start(
                engine,
                SqlServerConfig.DEFAULT.withAddress(HOST, freePort(sqlPort, "--sql-port")))) {
      engine.warmUp();
      greet(out, cluster, sql.port(), directory);
      return Shutdown.await(() -> out.println("Stopping ..."), cluster.failed());
    } finally {
      if (data == null) {
        TemporaryCluster.delete(directory);
      }
    }
  }

  private String pds() {
    return pds == 1 ? "one PD" : pds + " PDs";
  }

  private void greet(PrintWriter out, LocalCluster cluster, int port, Path directory) {
    String pd = String.join(",", cluster.pdUrls()).replaceAll("https?://", "");
    String first = pd.replaceFirst(",.*", "");
    String url = "jdbc:kittiwake://" + pd + "/public";
    String argument = url.equals(Playground.DEFAULT_URL) ? "" : " " + url;
    String pdArgument = pd.equals(Playground.PD_ENDPOINT) ? "" : " --pd " + pd;
    out.println(
        "Kittiwake "
            + BuildVersion.VERSION
            + " is ready: "
            + pds()
            + ", "
            + stores
            + " store(s), SQL, all in this process.");
    out.println();
    out.println("  PD (any TiKV client)  " + pd);
    out.println("  stores                " + String.join(", ", cluster.storeAddresses()));
    out.println("  JDBC, direct          " + url);
    out.println("  JDBC, SQL server      jdbc:kittiwake:sql://" + HOST + ":" + port + "/public");
    out.println("  status                http://" + first + "/pd/api/v1/stores");
    out.println(
        "  data                  "
            + directory
            + (data == null ? " (deleted at the end; --data DIR keeps it)" : ""));
    out.println();
    out.println("Try, in another terminal:");
    out.println("  bin/kittiwake sql" + argument);
    out.println("  bin/kittiwake kv put hello world" + pdArgument);
    out.println(
        "  bin/kittiwake tpcc all --warehouses 1"
            + (argument.isEmpty() ? "" : " --url" + argument));
    out.println();
    out.println("Ctrl-C stops it.");
    out.flush();
  }

  /** The first port from {@code wanted} on that nobody listens on. */
  static int freePort(int wanted, String option) throws IOException {
    if (wanted == 0) {
      return 0;
    }
    for (int port = wanted; port < Math.min(wanted + PORT_TRIES, 65_536); port++) {
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        continue; // the next one
      }
    }
    throw new IOException("no free port from " + wanted + " on; choose another with " + option);
  }
}
