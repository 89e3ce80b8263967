package dev.kittiwake.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.kittiwake.client.ClusterClient;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Closed-loop benchmarks of the key-value API: throughput and percentiles. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measure the key-value API: each thread calls again as soon as it has its answer.",
    synopsisSubcommandLabel = "(raw | txn | pd-heartbeats)")
final class BenchCommand implements Runnable {
  private static final long MAX_THREADS = 10_000;
  private static final long MAX_KEYS = 1_000_000_000;
  private static final long MAX_VALUE_BYTES = 4 << 20; // a log entry of a store holds twice that
  private static final long MAX_STORES = 100;

  @Spec private CommandSpec spec;

  private static void bounded(CommandSpec of, String option, long value, long min, long max) {
    if (value < min || value > max) {
      throw new ParameterException(
          of.commandLine(),
          String.format("%s must be from %,d to %,d, not %,d", option, min, max, value));
    }
  }

  /** Options of both kinds. */
  static final class Load {
    @Option(
        names = "--embedded",
        description = "use a cluster inside this process, with temporary data")
    boolean embedded;

    @Option(
        names = "--stores",
        description = "stores of the embedded cluster; default: ${DEFAULT-VALUE}",
        defaultValue = "3")
    int stores;

    @Option(
        names = "--threads",
        split = ",",
        description =
            "how many call at once; a list is run one after the other; default: ${DEFAULT-VALUE}",
        defaultValue = "1,64")
    List<Integer> threads;

    @Option(
        names = "--value-size",
        description = "bytes of a value; default: ${DEFAULT-VALUE}",
        defaultValue = "100")
    int valueSize;

    @Option(
        names = "--keys",
        description = "how many different keys; default: ${DEFAULT-VALUE}",
        defaultValue = "100000")
    int keys;

    @Option(
        names = "--duration",
        description = "measured time of each run; default: ${DEFAULT-VALUE}",
        defaultValue = "10s")
    Duration duration;

    @Option(
        names = "--warm-up",
        description = "time before it; default: ${DEFAULT-VALUE}",
        defaultValue = "5s")
    Duration warmUp;

    @Option(
        names = "--seed",
        description = "seed of keys and values; default: ${DEFAULT-VALUE}",
        defaultValue = "1")
    long seed;

    @Option(
        names = "--report",
        description = "directory of result.json; default: ${DEFAULT-VALUE}",
        defaultValue = "bench-report")
    Path report;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    /** Numbers that cannot be meant are wrong usage. */
    void check() {
      threads.forEach(each -> bounded(spec, "--threads", each, 1, MAX_THREADS));
      bounded(spec, "--keys", keys, 1, MAX_KEYS);
      bounded(spec, "--value-size", valueSize, 1, MAX_VALUE_BYTES);
      bounded(spec, "--stores", stores, 1, MAX_STORES);
      if (duration.isZero()) {
        throw new ParameterException(spec.commandLine(), "--duration must be longer than 0s");
      }
    }
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say what to measure: raw, txn or pd-heartbeats.");
  }

  @Command(name = "raw", mixinStandardHelpOptions = true, description = "Raw puts and gets.")
  int raw(
      @Mixin ClusterOptions cluster,
      @Mixin Load load,
      @Option(
              names = "--mix",
              split = ",",
              description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}",
              defaultValue = "put,get")
          List<RawWorkload> mix)
      throws Exception {
    return measure(cluster, load, "raw", mix);
  }

  @Command(name = "txn", mixinStandardHelpOptions = true, description = "Transactions.")
  int txn(
      @Mixin ClusterOptions cluster,
      @Mixin Load load,
      @Option(
              names = "--mix",
              split = ",",
              description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}",
              defaultValue = "put,get,rmw")
          List<TxnWorkload> mix)
      throws Exception {
    return measure(cluster, load, "txn", mix);
  }

  @Command(
      name = "pd-heartbeats",
      mixinStandardHelpOptions = true,
      description = {
        "What the reports of regions cost the placement driver.",
        "Needs no cluster: a member in this process is fed for each round with one report of",
        "every region, and does all it does in a cluster of that size."
      })
  int heartbeats(
      @Option(
              names = "--stores",
              description = "of the cluster that reports; default: ${DEFAULT-VALUE}",
              defaultValue = "200")
          int stores,
      @Option(
              names = "--regions",
              description = "that report once in each round; default: ${DEFAULT-VALUE}",
              defaultValue = "100000")
          int regions,
      @Option(
              names = "--rounds",
              description = "the first ones warm up; default: ${DEFAULT-VALUE}",
              defaultValue = "8")
          int rounds,
      @Option(
              names = "--wanted",
              description = {
                "reports a minute that one core must be able to take, else the exit status is 1;",
                "default: ${DEFAULT-VALUE}"
              },
              defaultValue = "100000")
          long wanted)
      throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    bounded(spec, "--rounds", rounds, 1, Integer.MAX_VALUE);
    bounded(spec, "--stores", stores, HeartbeatBench.REPLICAS, Integer.MAX_VALUE);
    bounded(spec, "--regions", regions, 1, Integer.MAX_VALUE);
    List<HeartbeatBench.Round> measured = new HeartbeatBench(stores, regions).run(rounds);
    out.printf(
        "%-6s %14s %14s %26s%n", "round", "reports/s", "µs CPU each", "a minute on one core");
    for (int i = 0; i < measured.size(); i++) {
      HeartbeatBench.Round round = measured.get(i);
      out.printf(
          "%-6d %,14.0f %14.2f %,26.0f%n",
          i + 1, round.perSecond(), round.cpuMicros(), round.perMinuteOnOneCore());
    }
    out.flush();
    return measured.get(measured.size() - 1).perMinuteOnOneCore() >= wanted ? 0 : 1;
  }

  private int measure(ClusterOptions options, Load load, String api, List<? extends Workload> mix)
      throws Exception {
    load.check();
    PrintWriter out = spec.commandLine().getOut();
    List<ClosedLoop.Figures> results = new ArrayList<>();
    try (TemporaryCluster cluster =
            load.embedded ? TemporaryCluster.start(load.stores, out) : null;
        ClusterClient client = cluster == null ? options.connect() : cluster.connect()) {
      ClosedLoop loop = new ClosedLoop(client, load);
      out.printf("Filling %,d keys of %,d bytes ...%n", load.keys, load.valueSize);
      out.flush();
      mix.get(0).fill(client, new Draw(load, 0));
      out.printf(
          "%-12s %8s %12s %10s %10s %10s %10s %8s%n",
          "workload", "threads", "ops/s", "p50 µs", "p90 µs", "p99 µs", "max µs", "errors");
      for (Workload workload : mix) {
        for (int threads : load.threads) {
          ClosedLoop.Figures figures = loop.run(api + " " + workload, workload, threads);
          results.add(figures);
          out.printf(
              "%-12s %8d %12.0f %10d %10d %10d %10d %8d%n",
              figures.workload(),
              figures.threads(),
              figures.opsPerSecond(),
              figures.p50Micros(),
              figures.p90Micros(),
              figures.p99Micros(),
              figures.maxMicros(),
              figures.errors());
          out.flush();
        }
      }
    }
    Files.createDirectories(load.report);
    Path file = load.report.resolve("result.json");
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), report(options, load, results));
    out.println("Figures are in " + file.toAbsolutePath().normalize());
    return results.stream().anyMatch(figures -> figures.operations() == 0) ? 1 : 0;
  }

  private static Map<String, Object> report(
      ClusterOptions options, Load load, List<ClosedLoop.Figures> results) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put(
        "cluster",
        load.embedded
            ? "embedded, " + load.stores + " stores"
            : String.join(",", options.endpoints()));
    report.put("valueBytes", load.valueSize);
    report.put("keys", load.keys);
    report.put("durationSeconds", load.duration.toMillis() / 1000.0);
    report.put("warmUpSeconds", load.warmUp.toMillis() / 1000.0);
    report.put("seed", load.seed);
    report.put("processors", Runtime.getRuntime().availableProcessors());
    report.put("java", System.getProperty("java.version"));
    report.put("results", results);
    return report;
  }
}
