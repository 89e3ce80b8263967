package dev.kittiwake.simulation.run;

import dev.kittiwake.simulation.fault.FaultKind;
import dev.kittiwake.simulation.time.Trace;
import dev.kittiwake.testkit.history.History;
import java.util.List;
import java.util.Map;

/**
 * How a run went.
 *
 * @param violations what broke, in words; empty = nothing
 * @param simulatedNanos how much time passed
 * @param events how many events there were
 * @param struck faults by kind
 */
public record Report(
    Plan plan,
    List<String> violations,
    long simulatedNanos,
    long events,
    int operations,
    int succeeded,
    Map<FaultKind, Integer> struck,
    Trace trace,
    History history) {
  public boolean isBroken() {
    return !violations.isEmpty();
  }

  /** The first words of the first violation: whether two failures are the same. */
  public String rule() {
    String first = violations.get(0);
    int end = first.indexOf(" at ");
    int colon = first.indexOf(':');
    return first.substring(0, end > 0 ? end : colon > 0 ? colon : first.length());
  }
}
