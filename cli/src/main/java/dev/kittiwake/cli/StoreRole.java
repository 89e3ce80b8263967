package dev.kittiwake.cli;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.pd.EndpointPdClient;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.StoreProcess;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** One store as this process. */
final class StoreRole {
  private static final long TELL_AFTER_SECONDS = 3;

  @Option(names = "--data", paramLabel = "DIR", description = "where the store keeps its data")
  private Path data;

  @Option(
      names = "--pd",
      split = ",",
      paramLabel = "HOST:PORT",
      description = "addresses of the placement driver; default: ${DEFAULT-VALUE}",
      defaultValue = Playground.PD_ENDPOINT)
  private List<String> pd;

  @Option(
      names = "--pd-wait",
      paramLabel = "DURATION",
      description =
          "how long a placement driver that is not there yet is waited for; default: ${DEFAULT-VALUE}",
      defaultValue = "60s")
  private Duration patience;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "where clients and other stores connect; default: 127.0.0.1:20160")
  private String listen;

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description = "under which others reach it; default: what it listens on")
  private String advertise;

  @Option(
      names = "--status",
      paramLabel = "HOST:PORT",
      description = "metrics and configuration over HTTP; default: any free port")
  private String status;

  @Option(names = "--config", paramLabel = "FILE", description = "settings as name = value lines")
  private Path config;

  int run(CommandSpec spec) throws Exception {
    if (data == null) {
      throw new ParameterException(
          spec.commandLine(),
          "Say where the store keeps its data (--data DIR), or what to do: put, get, delete or scan.");
    }
    Stream.concat(pd.stream(), Stream.of(listen, advertise, status).filter(one -> one != null))
        .forEach(address -> HostAndPort.check(spec, address));
    ClientRuntime runtime = ClientRuntime.production();
    try (EndpointPdClient client = EndpointPdClient.connect(pd, ClientConfig.DEFAULT, runtime);
        StoreProcess server = start(settings(), client, spec.commandLine().getOut())) {
      server
          .failed()
          .thenAccept(
              cause ->
                  Shutdown.halt(spec.commandLine().getErr(), "store " + server.storeId(), cause));
      spec.commandLine()
          .getOut()
          .println("Store " + server.storeId() + " is ready at " + server.address());
      spec.commandLine().getOut().flush();
      return Shutdown.await(() -> {}, server.failed());
    } finally {
      runtime.close();
    }
  }

  private StoreProcess start(KvConfig settings, EndpointPdClient client, PrintWriter out)
      throws Exception {
    awaitPlacementDriver(client, out);
    return StoreProcess.start(settings, client);
  }

  /**
   * Stores and members are started in any order, and a store that ends at once because the others
   * are late would have to be started again by hand; one that waits for ever hides a wrong address.
   */
  private void awaitPlacementDriver(EndpointPdClient client, PrintWriter out) throws Exception {
    CompletableFuture<Long> found = client.clusterId(patience.toMillis());
    String told = null;
    while (true) {
      try {
        found.get(TELL_AFTER_SECONDS, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException late) {
        String now = client.lastFailure();
        if (!now.equals(told)) {
          out.println(
              "The store waits for the placement driver at "
                  + String.join(", ", pd)
                  + " ("
                  + now
                  + "); is --pd right, and does it run?");
          out.flush();
          told = now;
        }
      } catch (ExecutionException gone) {
        throw gone.getCause() instanceof Exception cause ? cause : gone;
      }
    }
  }

  private KvConfig settings() {
    KvConfig settings = KvConfig.standard().with(KvSetting.STATUS, "127.0.0.1:0");
    if (config != null) {
      settings = settings.with(config);
    }
    settings = settings.with(KvSetting.DATA, data.toString());
    settings = listen == null ? settings : settings.with(KvSetting.LISTEN, listen);
    settings = advertise == null ? settings : settings.with(KvSetting.ADVERTISE, advertise);
    return status == null ? settings : settings.with(KvSetting.STATUS, status);
  }
}
