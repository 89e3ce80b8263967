package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.fault.FaultKind;
import dev.kittiwake.cli.chaos.process.Stopwatch;
import dev.kittiwake.proto.Wiring;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Breaks a cluster of real processes while clients work, and judges what they were told. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description = {
      "Break a cluster of processes while clients work on it, and judge what they saw.",
      "Starts the processes, draws a schedule of faults from a seed, and checks that nothing",
      "acknowledged was lost and every answer was right.",
      "Exit status: 0 all promises kept, 3 one was broken, 1 the run itself failed."
    },
    footerHeading = "%nFaults:%n",
    footer = {
      "  kill-store, kill-pd, kill-all, stop-store, pause, partition, one-way, slow-network,",
      "  cut-connections, slow-disk, hung-disk, fsync-error, full-disk, power-cut, power-cut-all,",
      "  clock-jump; with --spares also add-store, drain-store",
      "What this host does not allow is skipped, and told in one line each.",
      "",
      "Examples:",
      "  bin/kittiwake chaos --minutes 10",
      "  bin/kittiwake chaos --kills 1000",
      "  bin/kittiwake chaos --rounds 100 --faults power-cut",
      "  bin/kittiwake chaos --small-regions --spares 2 --workloads tpcc,ledger \\",
      "    --faults add-store,drain-store,kill-store",
      "  bin/kittiwake chaos --against 127.0.0.1:2379 --minutes 2"
    })
public final class ChaosCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--minutes",
      description = "how long; default: ${DEFAULT-VALUE}",
      defaultValue = "5")
  private double minutes;

  @Option(
      names = "--rounds",
      description = "how many faults, instead of --minutes",
      defaultValue = "0")
  private int rounds;

  @Option(
      names = "--kills",
      description =
          "short for --rounds N --faults kill-store --brisk: kill -9 a store, start it, wait until it"
              + " has caught up, and so on",
      defaultValue = "0")
  private int kills;

  @Option(names = "--brisk", description = "no pauses between faults, and short faults")
  private boolean brisk;

  @Option(
      names = "--faults",
      split = ",",
      paramLabel = "FAULT",
      description = "which to draw from, or all, or none; default: ${DEFAULT-VALUE}",
      defaultValue = "all")
  private List<String> faults;

  @Option(
      names = "--workloads",
      split = ",",
      paramLabel = "NAME",
      description =
          "of tpcc, register, append, append-locking, bank, set, or all these; or ledger;"
              + " default: ${DEFAULT-VALUE}",
      defaultValue = "all")
  private List<String> workloads;

  @Option(names = "--seed", description = "seed of faults and clients; default: drawn, and printed")
  private Long seed;

  @Option(names = "--stores", description = "default: ${DEFAULT-VALUE}", defaultValue = "3")
  private int stores;

  @Option(
      names = "--spares",
      description = "stores that add-store may add; default: ${DEFAULT-VALUE}",
      defaultValue = "0")
  private int spares;

  @Option(
      names = "--small-regions",
      description = "regions of 64 KiB that split, merge and move soon")
  private boolean smallRegions;

  @Option(
      names = "--ledger-keys",
      description = "keys of 1 KiB that the ledger's clients keep; default: ${DEFAULT-VALUE}",
      defaultValue = "20000")
  private int ledgerKeys;

  @Option(
      names = "--against",
      split = ",",
      paramLabel = "HOST:PORT",
      description =
          "a running cluster's placement driver: clients only, no faults. Makes TPC-C's nine tables"
              + " anew there, unless --workloads leaves tpcc out")
  private List<String> against = List.of();

  @Option(
      names = "--warehouses",
      description = "of TPC-C; default: ${DEFAULT-VALUE}",
      defaultValue = "1")
  private int warehouses;

  @Option(names = "--full-scale", description = "TPC-C's real size of a warehouse, not a small one")
  private boolean fullScale;

  @Option(
      names = "--terminals",
      description = "of TPC-C; default: ${DEFAULT-VALUE}",
      defaultValue = "4")
  private int terminals;

  @Option(
      names = "--clients",
      description = "of each key-value workload; default: ${DEFAULT-VALUE}",
      defaultValue = "3")
  private int clients;

  @Option(
      names = "--client-pause",
      description = "about how long such a client waits between actions; default: ${DEFAULT-VALUE}",
      defaultValue = "50ms")
  private Duration clientPause;

  @Option(
      names = "--patience",
      description =
          "how long the cluster may take to recover from a fault; default: ${DEFAULT-VALUE}",
      defaultValue = "60s")
  private Duration patience;

  @Option(
      names = "--store-config",
      paramLabel = "FILE",
      description = "settings of the stores; default: the defaults, with small caches")
  private Path settings;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where the processes keep data and logs, kept afterwards; default: temporary")
  private Path data;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "directory of result.json and timeline.html; default: ${DEFAULT-VALUE}",
      defaultValue = "chaos-report")
  private Path report;

  @Override
  @Wiring
  public Integer call() throws Exception {
    Stopwatch time = new Stopwatch(System::nanoTime, Thread::sleep);
    return new ChaosRun(options(), spec.commandLine().getOut(), time).run();
  }

  private ChaosOptions options() {
    if (kills > 0 && rounds > 0) {
      throw new ParameterException(spec.commandLine(), "Give --kills or --rounds, not both.");
    }
    try {
      boolean series = kills > 0;
      return new ChaosOptions(
          against,
          minutes,
          series ? kills : rounds,
          brisk || series,
          seed == null ? new SplittableRandom().nextInt(1_000_000) : seed,
          kinds(series),
          workloads(),
          stores,
          spares,
          smallRegions,
          ledgerKeys,
          warehouses,
          terminals,
          clients,
          clientPause.toMillis(),
          fullScale,
          Optional.ofNullable(settings),
          Optional.ofNullable(data),
          report,
          patience.toSeconds());
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }

  private Set<FaultKind> kinds(boolean series) {
    if (!against.isEmpty() || faults.equals(List.of("none"))) {
      return Set.of();
    }
    return FaultKind.parse(series ? List.of("kill-store") : faults);
  }

  private Set<String> workloads() {
    return workloads.contains("all")
        ? ChaosOptions.WORKLOADS.stream()
            .filter(name -> !name.equals("ledger") || workloads.contains(name))
            .collect(Collectors.toCollection(LinkedHashSet::new))
        : new LinkedHashSet<>(workloads);
  }
}
