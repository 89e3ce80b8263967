package dev.kittiwake.cli.chaos.report;

import dev.kittiwake.cli.chaos.report.Outcome.Outage;
import java.util.ArrayList;
import java.util.List;

/** Finds the seconds in which nothing was done. Pure. */
public final class Outages {
  private Outages() {}

  /** The outages of a curve between two seconds of the run, both whole. */
  public static List<Outage> of(String workload, List<Integer> done, int from, int to) {
    List<Outage> found = new ArrayList<>();
    int begin = -1;
    for (int second = from; second <= to; second++) {
      boolean silent = second < to && second < done.size() && done.get(second) == 0;
      if (silent && begin < 0) {
        begin = second;
      } else if (!silent && begin >= 0) {
        found.add(new Outage(workload, begin, second));
        begin = -1;
      }
    }
    return found;
  }
}
