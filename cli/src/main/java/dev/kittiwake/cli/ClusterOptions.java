package dev.kittiwake.cli;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClusterClient;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which cluster a command talks to. */
final class ClusterOptions {
  @Option(
      names = "--pd",
      split = ",",
      paramLabel = "HOST:PORT",
      description =
          "addresses of the placement driver; default: the playground's, ${DEFAULT-VALUE}",
      defaultValue = Playground.PD_ENDPOINT)
  private List<String> endpoints;

  @Option(
      names = "--timeout",
      description = "how long to look for the placement driver; default: ${DEFAULT-VALUE}",
      defaultValue = "5s")
  private Duration timeout;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  ClusterClient connect() {
    endpoints.forEach(endpoint -> HostAndPort.check(spec, endpoint));
    return ClusterClient.connect(endpoints, ClientConfig.DEFAULT, timeout);
  }

  List<String> endpoints() {
    return endpoints;
  }
}
