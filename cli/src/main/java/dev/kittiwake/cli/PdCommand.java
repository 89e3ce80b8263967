package dev.kittiwake.cli;

import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The placement driver as this process. */
@Command(name = "pd", mixinStandardHelpOptions = true, description = "Run the placement driver.")
final class PdCommand implements Callable<Integer> {
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
      description = "gRPC and HTTP; default: ${DEFAULT-VALUE}",
      defaultValue = "127.0.0.1:2379")
  private String listen;

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description = "under which others reach it; default: what it listens on")
  private String advertise;

  @Option(names = "--config", paramLabel = "FILE", description = "settings as name = value lines")
  private Path config;

  @Override
  public Integer call() throws Exception {
    PdConfig settings =
        PdConfig.standard().with(ConfigFile.read(config)).withListen(listen).withDataDir(data);
    if (advertise != null) {
      settings = settings.withAdvertise(advertise);
    }
    PdServer server = PdServer.start(settings);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Placement driver is ready at "
            + server.clientUrl()
            + ", cluster "
            + Long.toUnsignedString(server.clusterId()));
    out.flush();
    return Shutdown.await(server::close, server.failed());
  }
}
