package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.process.ClusterPages;
import dev.kittiwake.cli.chaos.process.Stopwatch;
import dev.kittiwake.cli.chaos.workload.AppendLoad;
import dev.kittiwake.cli.chaos.workload.BankLoad;
import dev.kittiwake.cli.chaos.workload.Bookkeepers;
import dev.kittiwake.cli.chaos.workload.Clients;
import dev.kittiwake.cli.chaos.workload.Load;
import dev.kittiwake.cli.chaos.workload.Pulses;
import dev.kittiwake.cli.chaos.workload.RegisterLoad;
import dev.kittiwake.cli.chaos.workload.SetLoad;
import dev.kittiwake.cli.chaos.workload.Throughput;
import dev.kittiwake.cli.chaos.workload.TpccWorkload;
import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.testkit.history.Isolation;
import dev.kittiwake.tpcc.Scale;
import dev.kittiwake.tpcc.TpccOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** All clients of a run. */
final class Workers implements AutoCloseable {
  private static final int MOST_PULSES = 4;
  private static final int ORDERS_BETWEEN = 10;
  private static final int ACTIONS_BETWEEN = 10;
  private static final Scale SMALL = new Scale(1_000, 60);
  private static final Duration LONGEST = Duration.ofDays(6);

  private final ClusterClient client;
  private final Throughput orders; // TPC-C's transactions
  private final Throughput actions; // of the key-value loads
  private final Optional<TpccWorkload> tpcc;
  private final List<Clients> crews = new ArrayList<>();
  private final Optional<Bookkeepers> ledger;
  private Optional<Tiling> tiling = Optional.empty();
  private final Stopwatch time;
  private final Pulses pulses;
  private final String run;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private Workers(ChaosOptions options, List<String> pd, Stopwatch time) {
    this.time = time;
    this.client = ClusterClient.connect(pd, ClientConfig.DEFAULT);
    this.orders = new Throughput(time);
    this.actions = new Throughput(time);
    this.pulses = new Pulses(time);
    this.run = Long.toHexString(client.transactions().currentTimestamp());
    this.tpcc =
        options.workloads().contains("tpcc")
            ? Optional.of(new TpccWorkload(tpccOptions(options, pd), time, orders))
            : Optional.empty();
    this.ledger =
        options.workloads().contains("ledger")
            ? Optional.of(
                new Bookkeepers(
                    client,
                    time,
                    actions,
                    run,
                    options.seed(),
                    options.clients(),
                    options.ledgerKeys(),
                    options.pauseMillis()))
            : Optional.empty();
    for (Load load : loads()) {
      if (options.workloads().contains(load.name())) {
        long seed = options.seed() * 31 + crews.size();
        crews.add(
            new Clients(
                load, client, time, actions, seed, options.clients(), options.pauseMillis()));
      }
    }
  }

  static Workers connect(ChaosOptions options, List<String> pd, Stopwatch time) {
    return new Workers(options, pd, time);
  }

  private List<Load> loads() {
    return List.of(
        new RegisterLoad(run),
        new AppendLoad(Isolation.OPTIMISTIC, run),
        new AppendLoad(Isolation.PESSIMISTIC, run),
        new BankLoad(run),
        new SetLoad(run));
  }

  private static TpccOptions tpccOptions(ChaosOptions options, List<String> pd) {
    return TpccOptions.builder("jdbc:kittiwake://" + String.join(",", pd) + "/public")
        .warehouses(options.warehouses())
        .terminals(options.terminals())
        .seed(options.seed())
        .warmUp(Duration.ZERO)
        .duration(LONGEST)
        .reports(options.report().resolve("tpcc"))
        .scale(options.fullScale() ? Scale.FULL : SMALL)
        .build();
  }

  /** Writes what must be there, then lets all work. */
  void start(Optional<ClusterPages> pages) throws IOException, InterruptedException {
    for (Clients crew : crews) {
      crew.load().prepare(client);
    }
    if (pages.isPresent()) {
      tiling = Optional.of(new Tiling(pages.get(), time));
      tiling.get().start(threads);
    }
    if (ledger.isPresent()) {
      ledger.get().fill(threads);
      ledger.get().start(threads);
    }
    if (tpcc.isPresent()) {
      tpcc.get().load();
      tpcc.get().start(threads);
    }
    crews.forEach(crew -> crew.start(threads));
    if (pages.isPresent()) {
      addPulses(pages.get());
      pulses.start(threads, client);
    }
  }

  /** One that writes, on a raw key, and one that reads in each of some regions. */
  private void addPulses(ClusterPages pages) throws IOException {
    byte[] rawKey = ("chaos-raw/" + run + "/pulse").getBytes(StandardCharsets.UTF_8);
    pulses.add(HexFormat.of().formatHex(rawKey), to -> to.raw().put(rawKey, new byte[] {1}));
    String raw = HexFormat.of().formatHex("chaos-raw".getBytes(StandardCharsets.UTF_8));
    List<ClusterPages.Region> regions =
        pages.regions().stream()
            .filter(region -> !region.startKey().toLowerCase(Locale.ROOT).startsWith(raw))
            .toList();
    int step = Math.max(1, regions.size() / MOST_PULSES);
    for (int i = 0; i < regions.size(); i += step) {
      String start = regions.get(i).startKey();
      if (!start.isEmpty()) {
        byte[] userKey = MemComparable.decode(HexFormat.of().parseHex(start));
        pulses.add(start, to -> to.transactions().latestSnapshot().get(userKey));
      }
    }
  }

  /** How much has been done until some moment. */
  record Mark(long orders, long actions) {}

  Mark mark() {
    return new Mark(orders.allDone(), actions.allDone());
  }

  /** Whether enough has been done since then for the next fault to have something to destroy. */
  boolean workedSince(Mark mark) {
    boolean ordered =
        tpcc.isEmpty()
            || !tpcc.get().isRunning()
            || orders.allDone() - mark.orders() >= ORDERS_BETWEEN;
    boolean idle = crews.isEmpty() && ledger.isEmpty();
    return ordered && (idle || actions.allDone() - mark.actions() >= ACTIONS_BETWEEN);
  }

  /** Whether someone has not had an answer since the last leader was killed. */
  boolean waiting() {
    return pulses.waiting() || tpcc.isPresent() && tpcc.get().isRunning() && tpcc.get().waiting();
  }

  /** The leaders of these regions were killed at that time. */
  void killed(List<ClusterPages.Region> all, List<Long> led, long atMillis) {
    for (String place : pulses.places()) {
      if (led.contains(regionOf(all, place))) {
        pulses.killed(place, atMillis);
      }
    }
    if (!led.isEmpty()) {
      tpcc.ifPresent(load -> load.killed(atMillis));
    }
  }

  private static long regionOf(List<ClusterPages.Region> all, String place) {
    long found = 0;
    String best = null;
    for (ClusterPages.Region region : all) {
      String start = region.startKey().toLowerCase(Locale.ROOT);
      if (start.compareTo(place.toLowerCase(Locale.ROOT)) <= 0
          && (best == null || start.compareTo(best) > 0)) {
        best = start;
        found = region.id();
      }
    }
    return found;
  }

  Optional<TpccWorkload> tpcc() {
    return tpcc;
  }

  List<Clients> crews() {
    return List.copyOf(crews);
  }

  Optional<Bookkeepers> ledger() {
    return ledger;
  }

  Optional<Tiling> tiling() {
    return tiling;
  }

  Pulses pulses() {
    return pulses;
  }

  Throughput orders() {
    return orders;
  }

  Throughput actions() {
    return actions;
  }

  @Override
  public void close() {
    pulses.stop();
    tiling.ifPresent(Tiling::stop);
    threads.shutdownNow();
    client.close();
  }
}
