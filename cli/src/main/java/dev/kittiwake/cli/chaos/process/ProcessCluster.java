package dev.kittiwake.cli.chaos.process;

import dev.kittiwake.cli.chaos.disk.LoopDisk;
import dev.kittiwake.cli.chaos.host.Watchdog;
import dev.kittiwake.cli.chaos.network.Network;
import dev.kittiwake.testkit.port.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A placement driver and stores, each a process of its own with data below one directory. Used by
 * one thread.
 */
public final class ProcessCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final long DISK_BYTES = 3L << 30;
  private static final int STARTS = 3;
  private static final long END_SECONDS = 5;

  private final Path directory;
  private final ClusterShape shape;
  private final Watchdog watchdog;
  private final Stopwatch time;
  private final ExecutorService threads;
  private final Optional<Network> network;
  private final Node pd;
  private final List<Node> stores = new ArrayList<>(); // spares too
  private final Set<String> away = ConcurrentHashMap.newKeySet(); // stores that do not belong
  private final ClusterPages pages;

  private ProcessCluster(
      Path directory,
      ClusterShape shape,
      JavaCommand java,
      Watchdog watchdog,
      Stopwatch time,
      ExecutorService threads)
      throws IOException, InterruptedException {
    this.threads = threads;
    this.directory = directory;
    this.shape = shape;
    this.watchdog = watchdog;
    this.time = time;
    this.network =
        shape.gates() ? Optional.of(new Network(threads, time::nanos)) : Optional.empty();
    int slots = shape.stores() + shape.spares();
    List<Integer> ports = FreePorts.take(1 + 2 * slots);
    Settings settings = new Settings(directory, shape);
    Path storeSettings = settings.stores();
    String pdListens = HOST + ":" + ports.get(0);
    this.pages = new ClusterPages(pdListens);
    this.pd = node("pd", ports.get(0), 0, java, settings.pd());
    for (int number = 1; number <= slots; number++) {
      stores.add(
          node(
              "kv" + number,
              ports.get(2 * number - 1),
              ports.get(2 * number),
              java,
              List.of("--pd", pd.address(), "--config", storeSettings.toString())));
      if (number > shape.stores()) {
        away.add("kv" + number);
      }
    }
  }

  /**
   * Puts the cluster up below {@code directory}; returns when every region has its voters.
   *
   * @param lines hears in one line each what is being done
   */
  public static ProcessCluster start(
      Path directory,
      ClusterShape shape,
      Watchdog watchdog,
      Stopwatch time,
      java.util.function.Consumer<String> lines)
      throws Exception {
    JavaCommand java = JavaCommand.copiedTo(directory);
    lines.accept("preparing a class archive, so that processes start fast");
    ExecutorService threads = Executors.newCachedThreadPool();
    ClassArchive.make(java, directory.resolve("archive"), watchdog, threads);
    ProcessCluster cluster = new ProcessCluster(directory, shape, java, watchdog, time, threads);
    try {
      lines.accept("starting one placement driver and " + shape.stores() + " stores");
      cluster.startAll();
      if (!time.until(shape.readySeconds() * 1_000, cluster::replicated)) {
        throw new IOException("the new cluster has not replicated its regions in time");
      }
      return cluster;
    } catch (Exception | Error failure) {
      cluster.close();
      throw failure;
    }
  }

  private Node node(String name, int port, int statusPort, JavaCommand java, List<String> more)
      throws IOException, InterruptedException {
    Optional<LoopDisk> disk =
        shape.disks()
            ? Optional.of(LoopDisk.create(directory, name, DISK_BYTES, watchdog))
            : Optional.empty();
    Path data = disk.map(own -> own.directory().resolve("data")).orElse(directory.resolve(name));
    String listens = HOST + ":" + port;
    String address =
        network.isPresent() ? HOST + ":" + network.get().gate(name, port).port() : listens;
    String status = statusPort == 0 ? "" : HOST + ":" + statusPort;
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of(name.equals("pd") ? "pd" : "kv", "--data", data.toString()));
    arguments.addAll(List.of("--listen", listens, "--advertise", address));
    if (!status.isEmpty()) {
      arguments.addAll(List.of("--status", status));
    }
    arguments.addAll(more);
    Optional<Path> clock = Optional.empty();
    Map<String, String> environment = Map.of();
    if (shape.clocks().isPresent()) {
      clock = Optional.of(directory.resolve(name + ".clock"));
      Files.writeString(clock.get(), "+0\n");
      environment =
          Map.of(
              "LD_PRELOAD", shape.clocks().get().toString(),
              "FAKETIME_TIMESTAMP_FILE", clock.get().toString(),
              "FAKETIME_CACHE_DURATION", "1",
              "FAKETIME_FORCE_MONOTONIC_FIX", "0", // else timed waits of the JVM spin
              "DONT_FAKE_MONOTONIC", "1");
    }
    RoleProcess process =
        new RoleProcess(
            name,
            java.role(arguments),
            environment,
            directory.resolve(name + ".log"),
            watchdog,
            threads);
    network.ifPresent(net -> net.node(name, process::pid));
    return new Node(name, process, address, status, data, disk, clock);
  }

  /**
   * Starts what does not run, and waits until all are ready: the placement driver first, as stores
   * wait for it only so long.
   */
  public void startAll() throws IOException, InterruptedException {
    start(List.of(pd));
    start(stores());
  }

  /** A spare store joins, if there is one left; returns when it is ready. */
  public Optional<Node> add() throws IOException, InterruptedException {
    Optional<Node> spare = stores.stream().filter(node -> away.contains(node.name())).findFirst();
    if (spare.isPresent()) {
      away.remove(spare.get().name());
      start(List.of(spare.get()));
    }
    return spare;
  }

  /** The drained store ends; its place is a spare's from now on, without data. */
  public void takeAway(Node store) throws IOException, InterruptedException {
    away.add(store.name());
    store.process().kill();
    if (Files.exists(store.data())) {
      List<Path> files;
      try (Stream<Path> all = Files.walk(store.data())) {
        files = all.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** The store of that name, or if it does not belong now, another that does. */
  public Node store(String name) {
    List<Node> here = stores();
    return here.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseGet(() -> here.get(Math.floorMod(name.hashCode(), here.size())));
  }

  private void start(List<Node> nodes) throws IOException, InterruptedException {
    List<Node> started = new ArrayList<>();
    for (Node node : nodes) {
      if (!node.process().alive()) {
        node.process().kill(); // buries one that ended by itself
        node.process().start();
        started.add(node);
      }
    }
    for (Node node : started) {
      ready(node.process());
    }
  }

  /** As a supervisor would: a store that found no placement driver in time is started again. */
  private void ready(RoleProcess process) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        process.awaitReady(shape.readySeconds());
        return;
      } catch (ProcessFailure failure) {
        boolean ended = process.awaitEnd(END_SECONDS); // its last words may come before its end
        if (!ended || attempt == STARTS) {
          throw failure;
        }
        process.start();
      }
    }
  }

  public Node pd() {
    return pd;
  }

  /** The stores that belong to the cluster now, in the order of their names. */
  public List<Node> stores() {
    return stores.stream().filter(node -> !away.contains(node.name())).toList();
  }

  /** The placement driver first. */
  public List<Node> nodes() {
    List<Node> all = new ArrayList<>();
    all.add(pd);
    all.addAll(stores());
    return all;
  }

  /** The network between the nodes, if there is one that can be broken. */
  public Optional<Network> network() {
    return network;
  }

  public ClusterPages pages() {
    return pages;
  }

  public Path directory() {
    return directory;
  }

  private boolean replicated() throws IOException {
    List<ClusterPages.Region> regions = pages.regions();
    int wanted = Math.min(3, shape.stores());
    return !regions.isEmpty()
        && regions.stream().allMatch(region -> region.voters() >= wanted && !region.pending());
  }

  /** Kills everything and gives the disks back; the directory stays. */
  @Override
  public void close() throws IOException {
    try {
      List<Node> all = new ArrayList<>(stores);
      all.add(pd);
      for (Node node : all) {
        if (node != null) {
          node.process().kill();
        }
      }
      for (Node node : all) {
        if (node != null && node.disk().isPresent()) {
          node.disk().get().close();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt(); // the watchdog does the rest
    }
    if (network.isPresent()) {
      network.get().close();
    }
    threads.shutdownNow();
  }
}
