package dev.kittiwake.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.testkit.port.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** One placement driver and three stores, each a process of its own with data in a directory. */
final class ProcessCluster implements AutoCloseable {
  static final int STORES = 3;
  private static final String HOST = "127.0.0.1";
  private static final long PATIENCE_SECONDS = 180;
  private static final long LOOK_AGAIN_MILLIS = 50;
  private static final ClientConfig PATIENT =
      ClientConfig.DEFAULT
          .withPdBudget(Duration.ofMinutes(2))
          .withBudgets(Duration.ofMinutes(2), Duration.ofMinutes(2));

  private final ServerProcess pd;
  private final List<ServerProcess> stores = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();
  private final String pdAddress;

  private ProcessCluster(Path directory) throws IOException {
    Path settings = directory.resolve("store.conf");
    Files.writeString(
        settings, "block-cache = 16MiB\nmemtable = 8MiB\nwal-segment = 4MiB\nwal-cache = 16MiB\n");
    Path placement = directory.resolve("pd.conf");
    Files.writeString(placement, "schedule.low-space-ratio = 0.99\n"); // whose disk this may be
    List<Integer> ports = FreePorts.take(1 + STORES);
    pdAddress = HOST + ":" + ports.get(0);
    pd =
        new ServerProcess(
            List.of(
                "pd",
                "--data",
                directory.resolve("pd").toString(),
                "--listen",
                pdAddress,
                "--config",
                placement.toString()));
    for (int number = 1; number <= STORES; number++) {
      String address = HOST + ":" + ports.get(number);
      addresses.add(address);
      String data = directory.resolve("kv" + number).toString();
      stores.add(
          new ServerProcess(
              List.of(
                  "kv",
                  "--data",
                  data,
                  "--listen",
                  address,
                  "--pd",
                  pdAddress,
                  "--config",
                  settings.toString())));
    }
  }

  /** Starts all and returns when every region has three voters. */
  static ProcessCluster start(Path directory) throws Exception {
    ProcessCluster cluster = new ProcessCluster(directory);
    try {
      cluster.startAll();
      until("three voters in each region", cluster::replicated);
      return cluster;
    } catch (Exception | Error failure) {
      cluster.close();
      throw failure;
    }
  }

  void startAll() throws Exception {
    pd.start();
    for (ServerProcess store : stores) {
      store.start();
    }
    pd.awaitReady();
    for (ServerProcess store : stores) {
      store.awaitReady();
    }
  }

  /** As {@code kill -9} of every process at once. */
  void killAll() throws InterruptedException {
    pd.kill();
    for (ServerProcess store : stores) {
      store.kill();
    }
  }

  ServerProcess pd() {
    return pd;
  }

  ServerProcess store(int index) {
    return stores.get(index);
  }

  String jdbcUrl() {
    return "jdbc:kittiwake://" + pdAddress + "/public";
  }

  ClusterClient connect() {
    return ClusterClient.connect(List.of(pdAddress), PATIENT);
  }

  /** Whether PD has heard who leads the first region. */
  boolean leaderKnown() throws IOException {
    return pages("regions").get("regions").path(0).path("leader").path("store_id").asLong() != 0;
  }

  /** The index of the store that leads the first region, as PD knows. */
  int leader() throws IOException {
    long id = pages("regions").get("regions").get(0).path("leader").path("store_id").asLong();
    for (JsonNode store : pages("stores").get("stores")) {
      if (store.get("store").get("id").asLong() == id) {
        return addresses.indexOf(store.get("store").get("address").asText());
      }
    }
    throw new AssertionError("PD knows no store " + id);
  }

  private boolean replicated() throws IOException {
    JsonNode regions = pages("regions").get("regions");
    for (JsonNode region : regions) {
      if (region.get("peers").size() < STORES || region.has("pending_peers")) {
        return false;
      }
      for (JsonNode peer : region.get("peers")) {
        if (!peer.path("role_name").asText().equals("Voter")) {
          return false;
        }
      }
    }
    return !regions.isEmpty();
  }

  private JsonNode pages(String name) throws IOException {
    return new ObjectMapper()
        .readTree(URI.create("http://" + pdAddress + "/pd/api/v1/" + name).toURL());
  }

  /** Looks again and again until it holds; fails when patience is at its end. */
  static void until(String what, Callable<Boolean> condition) throws Exception {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    AtomicReference<IOException> last = new AtomicReference<>();
    try {
      CompletableFuture<Void> holds = new CompletableFuture<>();
      ScheduledFuture<?> looking =
          clock.scheduleWithFixedDelay(
              () -> {
                try {
                  if (condition.call()) {
                    holds.complete(null);
                  }
                } catch (IOException notNow) {
                  last.set(notNow); // who is asked may be away for a moment
                } catch (Exception | Error failure) {
                  holds.completeExceptionally(failure);
                }
              },
              0,
              LOOK_AGAIN_MILLIS,
              TimeUnit.MILLISECONDS);
      holds.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      looking.cancel(false);
    } catch (TimeoutException late) {
      throw new AssertionError(
          "not within " + PATIENCE_SECONDS + " s: " + what + " (" + last.get() + ")", late);
    } finally {
      clock.shutdownNow();
    }
  }

  /** What all processes printed, for the message of a failure. */
  String output() {
    StringBuilder text = new StringBuilder("pd:\n").append(pd.output());
    for (int i = 0; i < STORES; i++) {
      text.append("\nkv").append(i + 1).append(":\n").append(stores.get(i).output());
    }
    return text.toString();
  }

  @Override
  public void close() {
    stores.forEach(ServerProcess::close);
    pd.close();
  }
}
