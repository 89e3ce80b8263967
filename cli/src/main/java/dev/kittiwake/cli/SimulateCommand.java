package dev.kittiwake.cli;

import dev.kittiwake.simulation.run.Night;
import dev.kittiwake.simulation.run.Plan;
import dev.kittiwake.simulation.run.Report;
import dev.kittiwake.simulation.run.SeedRun;
import dev.kittiwake.simulation.run.Shrinker;
import dev.kittiwake.testkit.history.Edn;
import dev.kittiwake.testkit.history.JsonLines;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs seeds of the simulated cluster, and says which break a promise and how to see it again. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Run whole clusters on virtual time, with faults drawn from seeds, and judge them.",
      "Each cluster is one thread. The same seed is the same run.",
      "Exit status: 0 all promises kept, 3 one was broken, 1 the run itself failed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/kittiwake simulate --minutes 480 --threads 2     a night",
      "  bin/kittiwake simulate --seed 4711                   one seed again, with all it draws",
      "  bin/kittiwake simulate --seed 4711 --shrink          the faults that it takes to fail",
      "  bin/kittiwake simulate --seed 4711 --history out     what clients were told, for other judges",
      "  bin/kittiwake simulate --standard --minutes 10       how fast it is"
    })
final class SimulateCommand implements Callable<Integer> {
  private static final int BROKEN = 3;
  private static final int SHRINK_RUNS = 200;

  @Spec private CommandSpec spec;

  @Option(names = "--seed", paramLabel = "N", description = "the first seed; default: drawn")
  private Long seed;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "at most so many; default: 1 with --seed alone, else as many as the time allows")
  private Long seeds;

  @Option(
      names = "--minutes",
      description = "no seed is begun after so long by the wall clock; default: ${DEFAULT-VALUE}",
      defaultValue = "10")
  private double minutes;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "so many seeds at a time; default: ${DEFAULT-VALUE}",
      defaultValue = "1")
  private int threads;

  @Option(names = "--shrink", description = "drop the faults that the first failure does not need")
  private boolean shrink;

  @Option(
      names = "--standard",
      description = {
        "every seed has 3 stores, 3 members, 10 regions and 20 operations a second for ten minutes:",
        "the cluster by which the pace is measured"
      })
  private boolean standard;

  @Option(
      names = "--history",
      paramLabel = "FOLDER",
      description = "write the history of the one seed, or of each that fails, as EDN and as JSON")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    if (threads < 1 || threads > 256) {
      throw new ParameterException(
          spec.commandLine(), "--threads " + threads + " must be from 1 to 256");
    }
    if (minutes <= 0 || (seeds != null && seeds < 1)) {
      throw new ParameterException(spec.commandLine(), "--minutes and --seeds must be positive");
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean single = seed != null && seeds == null;
    long first = seed != null ? seed : new SplittableRandom().nextLong(1L << 40);
    if (single) {
      return one(first, out);
    }
    out.println("seeds from " + first);
    out.flush();
    Night night =
        new Night(
            first,
            seeds == null ? Long.MAX_VALUE : seeds,
            minutes,
            this::plan,
            report -> print(report, out));
    night.run(threads);
    out.println(night.summary());
    for (Report broken : night.broken()) {
      out.println(
          "again: bin/kittiwake simulate --seed "
              + broken.plan().seed()
              + (standard ? " --standard" : ""));
      write(broken, out);
    }
    if (shrink && !night.broken().isEmpty()) {
      shrink(night.broken().get(0), out);
    }
    out.flush();
    return night.broken().isEmpty() ? 0 : BROKEN;
  }

  private Plan plan(long number) {
    return standard ? Plan.standard(number) : Plan.draw(number);
  }

  private void write(Report report, PrintWriter out) throws IOException {
    if (folder == null) {
      return;
    }
    Files.createDirectories(folder);
    Path edn = folder.resolve("seed-" + report.plan().seed() + ".edn");
    Path json = folder.resolve("seed-" + report.plan().seed() + ".jsonl");
    try (Writer ednOut = Files.newBufferedWriter(edn);
        Writer jsonOut = Files.newBufferedWriter(json)) {
      Edn.write(report.history(), ednOut);
      JsonLines.write(report.history(), jsonOut);
    }
    out.println("history: " + edn + " " + json);
  }

  private int one(long number, PrintWriter out) throws IOException {
    Plan plan = plan(number);
    out.println(plan.describe());
    out.flush();
    Report report = new SeedRun(plan).run();
    print(report, out);
    out.println("digest " + Long.toHexString(report.trace().digest()));
    write(report, out);
    if (shrink && report.isBroken()) {
      shrink(report, out);
    }
    out.flush();
    return report.isBroken() ? BROKEN : 0;
  }

  private static void print(Report report, PrintWriter out) {
    out.println(
        "seed "
            + report.plan().seed()
            + String.format(Locale.ROOT, " %.0f s", report.simulatedNanos() / 1e9)
            + ", "
            + report.operations()
            + " operations, "
            + report.plan().faults().faults().size()
            + " faults: "
            + (report.isBroken() ? "BROKEN" : "ok"));
    report.violations().forEach(out::println);
    out.flush();
  }

  private static void shrink(Report broken, PrintWriter out) {
    out.println("shrinking seed " + broken.plan().seed());
    Shrinker shrinker =
        new Shrinker(
            SHRINK_RUNS,
            progress -> {
              out.println(progress);
              out.flush();
            });
    Report smallest = shrinker.shrink(broken);
    out.println(smallest.plan().describe());
    smallest.violations().forEach(out::println);
  }
}
