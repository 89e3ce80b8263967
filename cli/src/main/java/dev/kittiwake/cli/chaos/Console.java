package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.process.Stopwatch;
import dev.kittiwake.cli.chaos.report.Outcome;
import dev.kittiwake.cli.chaos.report.Waits;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a person sees: lines, and below them one that changes each second; where output is no
 * terminal, that line only now and then. Thread-safe.
 */
final class Console implements AutoCloseable {
  private static final int EVERY_SECONDS = 15;
  private static final int NOTES_SHOWN = 5;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final Stopwatch time;
  private final boolean terminal = System.console() != null;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private boolean shown; // guarded by this; a progress line stands there
  private int beats;

  Console(PrintWriter out, Stopwatch time) {
    this.out = out;
    this.time = time;
  }

  synchronized void line(String text) {
    if (shown) {
      out.print(CLEAR);
      shown = false;
    }
    out.println(stamp() + "  " + text);
    out.flush();
  }

  private String stamp() {
    long seconds = time.millis() / 1_000;
    return "%02d:%02d:%02d".formatted(seconds / 3_600, seconds / 60 % 60, seconds % 60);
  }

  /** Shows each second how things go. */
  void watch(Workers workers, MachineLoad load, Supplier<String> doing) {
    clock.scheduleAtFixedRate(() -> beat(workers, load, doing), 1, 1, TimeUnit.SECONDS);
  }

  private synchronized void beat(Workers workers, MachineLoad load, Supplier<String> doing) {
    load.sample();
    beats++;
    if (!terminal && beats % EVERY_SECONDS != 0) {
      return;
    }
    int over = terminal ? 2 : EVERY_SECONDS;
    String text =
        "tpcc %4.0f/s  kv %4.0f/s  load %.1f  %s"
            .formatted(
                workers.orders().recent(over),
                workers.actions().recent(over),
                load.last(),
                doing.get());
    if (terminal) {
      out.print(CLEAR + stamp() + "  " + text);
      shown = true;
    } else {
      out.println(stamp() + "  " + text);
    }
    out.flush();
  }

  synchronized void verdict(Outcome outcome, Path report) {
    if (shown) {
      out.print(CLEAR);
      shown = false;
    }
    out.println();
    for (Finding finding : outcome.findings()) {
      out.printf(
          "  %s  %-14s %s%n",
          finding.holds() ? "kept  " : "BROKEN", finding.group(), finding.promise());
      if (!finding.holds()) {
        finding.detail().lines().forEach(line -> out.println("            " + line));
        finding.evidence().forEach(line -> out.println("            " + line));
      } else {
        notes(finding.evidence());
      }
    }
    out.println();
    outcome.failOver().stream().map(Waits::line).forEach(line -> out.println("  " + line));
    outcome.facts().forEach((name, value) -> out.printf("  %s: %s%n", name, value));
    out.println();
    out.println(
        outcome.holds()
            ? "All promises were kept through " + outcome.events().size() + " faults."
            : "A promise was BROKEN.");
    out.println("Reports are in " + report.toAbsolutePath().normalize());
    out.flush();
  }

  private void notes(List<String> notes) {
    notes.stream().limit(NOTES_SHOWN).forEach(note -> out.println("            note: " + note));
    if (notes.size() > NOTES_SHOWN) {
      out.println(
          "            and %d more notes in result.json".formatted(notes.size() - NOTES_SHOWN));
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
