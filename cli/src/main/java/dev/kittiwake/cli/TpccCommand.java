package dev.kittiwake.cli;

import dev.kittiwake.tpcc.AuditResult;
import dev.kittiwake.tpcc.Isolation;
import dev.kittiwake.tpcc.LoadResult;
import dev.kittiwake.tpcc.Report;
import dev.kittiwake.tpcc.RunResult;
import dev.kittiwake.tpcc.Tpcc;
import dev.kittiwake.tpcc.TpccOptions;
import dev.kittiwake.tpcc.TpccResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** TPC-C against any JDBC URL, or against a cluster that lives only as long as the command. */
@Command(
    name = "tpcc",
    mixinStandardHelpOptions = true,
    description = "Run the TPC-C benchmark and check its twelve consistency conditions.",
    synopsisSubcommandLabel = "(load | run | check | all)")
final class TpccCommand implements Runnable {
  private static final int INCONSISTENT = 3;

  @Spec private CommandSpec spec;

  /** Options that all four stages have. */
  static final class Common {
    @Option(
        names = "--url",
        description = "JDBC URL; default: the playground's, ${DEFAULT-VALUE}",
        defaultValue = Playground.DEFAULT_URL)
    String url;

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
        names = "--warehouses",
        description = "size of the database; default: ${DEFAULT-VALUE}",
        defaultValue = "1")
    int warehouses;

    @Option(
        names = "--terminals",
        description = "how many work at once; default: ${DEFAULT-VALUE}",
        defaultValue = "4")
    int terminals;

    @Option(
        names = "--duration",
        description = "measured time, e.g. 60s or 5m; default: ${DEFAULT-VALUE}",
        defaultValue = "60s")
    Duration duration;

    @Option(
        names = "--warm-up",
        description = "time before it; default: ${DEFAULT-VALUE}",
        defaultValue = "10s")
    Duration warmUp;

    @Option(
        names = "--loaders",
        description = "threads that load; default: ${DEFAULT-VALUE}",
        defaultValue = "4")
    int loaders;

    @Option(names = "--waits", description = "keep the keying and think times of the specification")
    boolean waits;

    @Option(
        names = "--isolation",
        description = "one of ${COMPLETION-CANDIDATES}; default: the database's",
        defaultValue = "DEFAULT")
    Isolation isolation;

    @Option(
        names = "--seed",
        description = "seed of everything drawn by chance; default: ${DEFAULT-VALUE}",
        defaultValue = "1")
    long seed;

    @Option(
        names = "--report",
        description =
            "directory of result.json, report.html and the ledger; default: ${DEFAULT-VALUE}",
        defaultValue = "tpcc-report")
    Path report;

    @Option(
        names = {"-p", "--property"},
        description = "connection property, e.g. -p user=me",
        mapFallbackValue = "")
    Map<String, String> properties = Map.of();

    TpccOptions options(String actualUrl) {
      TpccOptions.Builder options =
          TpccOptions.builder(actualUrl)
              .warehouses(warehouses)
              .terminals(terminals)
              .duration(duration)
              .warmUp(warmUp)
              .waits(waits)
              .seed(seed)
              .loaders(loaders)
              .reports(report)
              .isolation(isolation);
      properties.forEach(options::property);
      return options.build();
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which stage: load, run, check or all.");
  }

  @Command(
      name = "load",
      mixinStandardHelpOptions = true,
      description = "Make the tables anew and fill them.")
  int load(@Mixin Common common) throws Exception {
    return with(
        common,
        (tpcc, out) -> {
          LoadResult loaded = tpcc.load();
          return tpcc.report(Optional.of(loaded), Optional.empty(), Optional.empty());
        });
  }

  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = "Run the terminals on loaded tables.")
  int runTerminals(@Mixin Common common) throws Exception {
    return with(
        common,
        (tpcc, out) -> {
          RunResult measured = tpcc.run();
          return tpcc.report(Optional.empty(), Optional.of(measured), Optional.empty());
        });
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Check the twelve consistency conditions.")
  int check(@Mixin Common common) throws Exception {
    return with(
        common,
        (tpcc, out) -> {
          AuditResult audited = tpcc.check();
          return tpcc.report(Optional.empty(), Optional.empty(), Optional.of(audited));
        });
  }

  @Command(
      name = "all",
      mixinStandardHelpOptions = true,
      description = "Load, run, check and report.")
  int all(@Mixin Common common) throws Exception {
    return with(common, (tpcc, out) -> tpcc.all());
  }

  /** A stage of the benchmark. */
  private interface Stage {
    TpccResult run(Tpcc tpcc, PrintWriter out) throws Exception;
  }

  /** Told now, not when the work is done. */
  private static void prepareReports(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException unusable) {
      throw new IllegalArgumentException(
          "cannot write reports to " + directory + ": choose another directory with --report",
          unusable);
    }
  }

  /** Options that are out of bounds are told before anything is started. */
  private void refuseOutOfBounds(Common common) {
    try {
      common.options(common.url);
      if (common.stores < 1) {
        throw new IllegalArgumentException("--stores must be 1 at least, not " + common.stores);
      }
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }

  private int with(Common common, Stage stage) throws Exception {
    refuseOutOfBounds(common);
    PrintWriter out = spec.commandLine().getOut();
    prepareReports(common.report);
    try (TemporaryCluster cluster =
        common.embedded ? TemporaryCluster.start(common.stores, out) : null) {
      String url = cluster == null ? common.url : cluster.url();
      TpccResult result = stage.run(new Tpcc(common.options(url), new PrintedProgress(out)), out);
      out.println();
      out.println(Report.summary(result));
      out.println("Reports are in " + common.report.toAbsolutePath().normalize());
      out.flush();
      return result.consistent() ? 0 : INCONSISTENT;
    }
  }
}
