package dev.kittiwake.cli.chaos.report;

import dev.kittiwake.cli.chaos.Event;
import dev.kittiwake.cli.chaos.Finding;
import java.util.List;
import java.util.Map;

/**
 * Everything that a run found.
 *
 * @param facts name to value: version, seed, machine, options, counts
 * @param skipped one line for each fault that the host does not allow
 * @param workStartMillis when clients began to work
 * @param workEndMillis when they ended
 * @param series throughput
 * @param failOver of clients after a store that led was killed
 */
public record Outcome(
    Map<String, Object> facts,
    List<String> skipped,
    List<Event> events,
    List<Finding> findings,
    long workStartMillis,
    long workEndMillis,
    List<Series> series,
    List<Waits> failOver,
    List<Outage> outages) {
  public Outcome {
    skipped = List.copyOf(skipped);
    events = List.copyOf(events);
    findings = List.copyOf(findings);
    series = List.copyOf(series);
    failOver = List.copyOf(failOver);
    outages = List.copyOf(outages);
  }

  /** One curve: what was done and what failed in each second since the start of the run. */
  public record Series(String name, List<Integer> done, List<Integer> failed) {
    public Series {
      done = List.copyOf(done);
      failed = List.copyOf(failed);
    }
  }

  /** Seconds {@code [from, to)} in which no client of the workload had an answer. */
  public record Outage(String workload, int fromSecond, int toSecond) {
    public int seconds() {
      return toSecond - fromSecond;
    }
  }

  public boolean holds() {
    return findings.stream().allMatch(Finding::holds);
  }
}
