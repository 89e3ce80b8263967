package dev.kittiwake.cli;

import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The placement driver as this process. */
@Command(
    name = "pd",
    mixinStandardHelpOptions = true,
    description = {
      "Run a member of the placement driver.",
      "Three members, on three machines:",
      "  pd --name a --initial-cluster a=h1:2379,b=h2:2379,c=h3:2379 --data DIR",
      "and likewise b and c. One more, later:",
      "  pd --name d --join h1:2379 --listen h4:2379 --data DIR"
    })
final class PdCommand implements Callable<Integer> {
  private static final String DEFAULT_LISTEN = "127.0.0.1:2379";
  private static final long PATIENCE_SECONDS = 2;

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "where it keeps its data")
  private Path data;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "gRPC, HTTP and the other members; default: as in --initial-cluster, or "
              + DEFAULT_LISTEN)
  private String listen;

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description = "under which others reach it; default: what it listens on")
  private String advertise;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "of this member, unique in the group; default: the one in its data, or pd-1")
  private String name;

  @Option(
      names = "--initial-cluster",
      paramLabel = "NAME=HOST:PORT,...",
      description = {
        "all first members of a new group, the same list for each of them;",
        "without effect once there is data"
      })
  private String founders;

  @Option(
      names = "--join",
      split = ",",
      paramLabel = "HOST:PORT",
      description = {
        "join the running group that these members belong to;",
        "without effect once there is data"
      })
  private List<String> join;

  @Option(names = "--config", paramLabel = "FILE", description = "settings as name = value lines")
  private Path config;

  @Override
  public Integer call() throws Exception {
    PdConfig settings = settings();
    PrintWriter out = spec.commandLine().getOut();
    PdServer server = PdServer.launch(settings);
    try {
      awaitReady(server, settings, out);
    } catch (Exception e) {
      server.close();
      throw e;
    }
    out.println(
        "Placement driver is ready at "
            + server.clientUrl()
            + ", cluster "
            + Long.toUnsignedString(server.clusterId()));
    out.flush();
    return Shutdown.await(server::close, server.failed());
  }

  /** A member that is alone is ready at once; one of several needs most of them. */
  private static void awaitReady(PdServer server, PdConfig settings, PrintWriter out)
      throws Exception {
    boolean told = false;
    String reason = "";
    CompletableFuture<?> end = CompletableFuture.anyOf(server.ready(), server.failed());
    while (true) {
      try {
        end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        break;
      } catch (TimeoutException e) {
        String now = server.waitingFor();
        if (!told || !now.equals(reason)) {
          out.println(
              "Placement driver "
                  + settings.name()
                  + " runs at "
                  + server.clientUrl()
                  + " and waits for most of its group"
                  + (now.isEmpty() ? " ..." : ": " + now));
          out.flush();
          told = true;
          reason = now;
        }
      }
    }
    if (server.failed().isDone() && !server.ready().isDone()) {
      throw new IllegalStateException(server.failed().join().getMessage(), server.failed().join());
    }
  }

  private PdConfig settings() throws Exception {
    PdConfig settings = PdConfig.standard().with(ConfigFile.read(config)).withDataDir(data);
    if (founders != null && join != null) {
      throw new ParameterException(
          spec.commandLine(),
          "a member either begins a group (--initial-cluster) or joins one (--join), not both");
    }
    if ((founders != null || join != null) && name == null) {
      throw new ParameterException(
          spec.commandLine(),
          "one of several members needs a name: say --name NAME"
              + (founders == null ? "" : ", one of those in --initial-cluster"));
    }
    try {
      if (founders != null) {
        settings = settings.withGroup(name, PdConfig.Group.founders(founders));
      } else if (join != null) {
        settings = settings.withGroup(name, PdConfig.Group.joining(join));
      } else if (name != null) {
        settings = settings.withName(name);
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    String own = settings.group().founders().get(settings.name());
    String at = listen != null ? listen : own != null ? own : DEFAULT_LISTEN;
    settings = settings.withListen(at);
    return advertise == null ? settings : settings.withAdvertise(advertise);
  }
}
