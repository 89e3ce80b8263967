package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.ability.Ability;
import dev.kittiwake.cli.chaos.ability.Host;
import dev.kittiwake.cli.chaos.fault.FaultKind;
import dev.kittiwake.cli.chaos.fault.Planner;
import dev.kittiwake.cli.chaos.host.Watchdog;
import dev.kittiwake.cli.chaos.process.ClusterPages;
import dev.kittiwake.cli.chaos.process.ClusterShape;
import dev.kittiwake.cli.chaos.process.ProcessCluster;
import dev.kittiwake.cli.chaos.process.Stopwatch;
import dev.kittiwake.cli.chaos.report.Outcome;
import dev.kittiwake.cli.chaos.report.ResultJson;
import dev.kittiwake.cli.chaos.report.Timeline;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The order of events of one run. */
final class ChaosRun {
  private static final int BROKEN = 3;
  private static final int FAULTS_A_MINUTE = 30;
  private static final long READY_SECONDS = 90;

  private final ChaosOptions options;
  private final Stopwatch time;
  private final Console console;
  private final List<String> skipped = new ArrayList<>();
  private final MachineLoad load = new MachineLoad();

  ChaosRun(ChaosOptions options, PrintWriter out, Stopwatch time) {
    this.options = options;
    this.time = time;
    this.console = new Console(out, time);
  }

  /** The exit status: 0 if all promises were kept, 3 if not. */
  int run() throws Exception {
    StopSignal stop = StopSignal.install();
    int status = 1;
    try (Watchdog watchdog = Watchdog.start()) {
      Files.createDirectories(options.report());
      console.line(
          "seed " + options.seed() + " (--seed " + options.seed() + " draws the same faults)");
      status = options.ownCluster() ? ownCluster(watchdog, stop) : against(stop);
      return status;
    } finally {
      console.close();
      stop.ended(status);
    }
  }

  private int against(StopSignal stop) throws Exception {
    try (Workers workers = Workers.connect(options, options.against(), time)) {
      console.line("clients only, against " + String.join(",", options.against()));
      workers.start(Optional.empty());
      long begun = time.millis();
      console.watch(workers, load, () -> "no faults");
      stop.hold((long) (options.minutes() * 60_000));
      return end(workers, Optional.empty(), begun);
    }
  }

  private int ownCluster(Watchdog watchdog, StopSignal stop) throws Exception {
    Path directory =
        options.data().isPresent()
            ? Files.createDirectories(options.data().get().toAbsolutePath())
            : Files.createTempDirectory("kittiwake-chaos-");
    requireEmpty(directory);
    Set<FaultKind> kinds = possible(directory, watchdog);
    List<Planner.Planned> schedule =
        Planner.draw(
            new Planner.Plan(options.seed(), kinds, options.stores(), faults(), options.brisk()));
    int status;
    try (ProcessCluster cluster =
        ProcessCluster.start(directory, shape(kinds), watchdog, time, console::line)) {
      status = onCluster(cluster, schedule, stop);
    }
    if (status == 0 && options.data().isEmpty()) {
      TemporaryFiles.delete(directory);
    } else {
      console.line("data and logs of the processes stay in " + directory);
    }
    return status;
  }

  private int onCluster(ProcessCluster cluster, List<Planner.Planned> schedule, StopSignal stop)
      throws Exception {
    ClusterPages pages = cluster.pages();
    try (Workers workers = Workers.connect(options, List.of(cluster.pd().address()), time)) {
      console.line("filling tables");
      workers.start(Optional.of(pages));
      long begun = time.millis();
      Nemesis nemesis =
          new Nemesis(
              cluster, workers, time, stop, options.patienceSeconds() * 1_000, console::line);
      console.watch(workers, load, nemesis::doing);
      long until =
          options.rounds() > 0 ? Long.MAX_VALUE : begun + (long) (options.minutes() * 60_000);
      if (schedule.isEmpty()) {
        stop.hold(until - begun);
      }
      nemesis.run(schedule, until);
      nemesis.makeWell();
      console.line("faults are over; clients come to their end");
      return end(workers, Optional.of(nemesis), begun);
    }
  }

  private int end(Workers workers, Optional<Nemesis> nemesis, long begun) throws Exception {
    List<Finding> findings = new ArrayList<>(nemesis.map(Nemesis::violations).orElse(List.of()));
    Ending ending = new Ending(options, workers, console);
    findings.addAll(ending.stop());
    long ended = time.millis();
    findings.addAll(ending.judge());
    Outcome outcome =
        new Summing(options, workers, load, skipped)
            .outcome(
                nemesis.map(Nemesis::events).orElse(List.of()),
                nemesis.map(Nemesis::leavings).orElse(List.of()),
                findings,
                begun,
                ended);
    ResultJson.write(outcome, options.report().resolve("result.json"));
    Timeline.write(outcome, options.report().resolve("timeline.html"));
    console.verdict(outcome, options.report());
    return outcome.holds() ? 0 : BROKEN;
  }

  private int faults() {
    return options.rounds() > 0
        ? options.rounds()
        : (int) Math.ceil(options.minutes() * FAULTS_A_MINUTE);
  }

  /** The kinds that this host allows; the others are told. */
  private Set<FaultKind> possible(Path directory, Watchdog watchdog) throws InterruptedException {
    Set<Ability> wanted = EnumSet.noneOf(Ability.class);
    options.faults().forEach(kind -> wanted.addAll(kind.needs()));
    Host host = Host.examine(wanted, directory, watchdog);
    Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
    for (FaultKind kind : options.faults().stream().sorted().toList()) {
      Optional<String> missing =
          kind.needs().stream().flatMap(need -> host.missing(need).stream()).findFirst();
      if (missing.isEmpty()) {
        kinds.add(kind);
      } else {
        skipped.add(kind.label() + " is skipped: " + missing.get());
        console.line(skipped.get(skipped.size() - 1));
      }
    }
    if (kinds.isEmpty() && !options.faults().isEmpty()) {
      throw new IllegalArgumentException(
          "this host allows none of the faults that were asked for: " + String.join("; ", skipped));
    }
    return kinds;
  }

  private ClusterShape shape(Set<FaultKind> kinds) {
    return new ClusterShape(
        options.stores(),
        options.spares(),
        needs(kinds, Ability.SOCKET_OWNERS),
        needs(kinds, Ability.LOOP_DISKS),
        needs(kinds, Ability.CLOCKS) ? Host.clockLibrary() : Optional.empty(),
        options.smallRegions(),
        options.settings(),
        Math.max(READY_SECONDS, options.patienceSeconds()));
  }

  private static boolean needs(Set<FaultKind> kinds, Ability ability) {
    return kinds.stream().anyMatch(kind -> kind.needs().contains(ability));
  }

  private static void requireEmpty(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        throw new IllegalArgumentException(
            directory + " is not empty: give --data a new directory");
      }
    }
  }
}
