package dev.kittiwake.cli.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A placement driver, three stores and a place for clients, each a container, on one network. */
final class ContainerCluster implements AutoCloseable {
  static final String IMAGE = System.getProperty("kittiwake.image", "kittiwake:local");
  static final String URL = "jdbc:kittiwake://pd:2379/public";
  private static final int STORES = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String READY = ".*is ready.*\\n";

  private final Network network = Network.newNetwork();
  private final List<GenericContainer<?>> all = new ArrayList<>();
  private final DockerClient docker = DockerClientFactory.lazyClient();
  private GenericContainer<?> client;

  /** Starts all; each store waits for its placement driver by itself. */
  void start() {
    add("pd", "pd", "--data", "/data/pd", "--listen", "0.0.0.0:2379", "--advertise", "pd:2379")
        .start();
    for (int number = 1; number <= STORES; number++) {
      String name = "kv" + number;
      add(
              name,
              "kv",
              "--data",
              "/data/kv",
              "--pd",
              "pd:2379",
              "--listen",
              "0.0.0.0:20160",
              "--advertise",
              name + ":20160",
              "--status",
              "0.0.0.0:20180")
          .start();
    }
    // Where commands are run; meanwhile it is a SQL server, which a cluster may have any number of.
    client = container("client", "sql-server", "--pd", "pd:2379", "--timeout", "60s");
    client.start();
  }

  private GenericContainer<?> add(String name, String... command) {
    GenericContainer<?> container = container(name, command);
    all.add(container);
    return container;
  }

  private GenericContainer<?> container(String name, String... command) {
    return new GenericContainer<>(DockerImageName.parse(IMAGE))
        .withNetwork(network)
        .withNetworkAliases(name)
        .withEnv("KITTIWAKE_HEAP", "400m")
        .withEnv("KITTIWAKE_JAVA_OPTS", "-XX:TieredStopAtLevel=1")
        .withCommand(command)
        .waitingFor(Wait.forLogMessage(READY, 1).withStartupTimeout(PATIENCE));
  }

  /** Runs the command line in the client's container to its end. */
  ExecResult kittiwake(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("kittiwake"));
    command.addAll(List.of(arguments));
    return client.execInContainer(command.toArray(new String[0]));
  }

  private String id(String name) {
    return name.equals("pd")
        ? all.get(0).getContainerId()
        : all.get(Integer.parseInt(name.substring(2))).getContainerId();
  }

  void kill(String name) {
    docker.killContainerCmd(id(name)).withSignal("KILL").exec();
  }

  void startAgain(String name) {
    docker.startContainerCmd(id(name)).exec();
  }

  void pause(String name) {
    docker.pauseContainerCmd(id(name)).exec();
  }

  void resume(String name) {
    docker.unpauseContainerCmd(id(name)).exec();
  }

  /** Takes it off the network. */
  void cut(String name) {
    docker
        .disconnectFromNetworkCmd()
        .withNetworkId(network.getId())
        .withContainerId(id(name))
        .withForce(true)
        .exec();
  }

  /** Gives it back to the network, under its name. */
  void join(String name) {
    docker
        .connectToNetworkCmd()
        .withNetworkId(network.getId())
        .withContainerId(id(name))
        .withContainerNetwork(new ContainerNetwork().withAliases(name))
        .exec();
  }

  /** What a container printed so far. */
  String logs(String name) {
    return name.equals("pd")
        ? all.get(0).getLogs()
        : all.get(Integer.parseInt(name.substring(2))).getLogs();
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    all.forEach(GenericContainer::close);
    network.close();
  }
}
