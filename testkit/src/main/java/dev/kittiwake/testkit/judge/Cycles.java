package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Operation;
import dev.kittiwake.testkit.judge.Dependency.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Transactions on lists and registers keep the promise of a {@link Level}: the definitions are
 * those of Adya (1999), the inference of dependencies from lists follows the idea of Kingsbury and
 * Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations" (VLDB 2020).
 *
 * <p>From what the transactions read follows in which order versions were written, and from that
 * which moments of the transactions must have come before which. If those orders go round in a
 * circle, no execution that keeps the promise explains what the clients saw.
 */
public final class Cycles implements Judge {
  private final Level level;

  public Cycles(Level level) {
    this.level = level;
  }

  @Override
  public Verdict judge(History history) {
    List<Verdict.Broken> findings = findings(history);
    return findings.isEmpty() ? Verdict.holds() : findings.get(0);
  }

  /**
   * Everything that is broken, worst first; of all cycles one of the simplest kind there is.
   *
   * @throws IllegalArgumentException if a value was written twice to the same key
   */
  public List<Verdict.Broken> findings(History history) {
    List<Verdict.Broken> found = new ArrayList<>();
    Transactions transactions = new Transactions(history.operations());
    Dependencies dependencies = Dependencies.of(transactions, level, found::add);
    Verdict.Broken cycle = cycle(dependencies);
    if (cycle != null) {
      found.add(cycle);
    }
    found.sort(Comparator.comparing(Verdict.Broken::rule));
    return found;
  }

  private Verdict.Broken cycle(Dependencies dependencies) {
    Moments moments = new Moments(dependencies, level);
    List<Dependency> cycle = moments.cycle(List.of(Kind.WRITE_WRITE), false);
    if (!cycle.isEmpty()) {
      return broken(Rule.G0, cycle, dependencies);
    }
    cycle = moments.cycle(List.of(Kind.WRITE_WRITE, Kind.WRITE_READ), false);
    if (!cycle.isEmpty()) {
      return broken(Rule.G1C, cycle, dependencies);
    }
    List<Kind> kinds = List.of(Kind.WRITE_WRITE, Kind.WRITE_READ, Kind.READ_WRITE);
    cycle = moments.cycle(kinds, true);
    if (!cycle.isEmpty()) {
      return broken(name(cycle), cycle, dependencies);
    }
    cycle = moments.cycle(List.of(Kind.values()), false);
    return cycle.isEmpty() ? null : broken(Rule.REAL_TIME, cycle, dependencies);
  }

  /** The name of a cycle that has anti-dependencies. */
  private static Rule name(List<Dependency> cycle) {
    int anti = 0;
    boolean neighbours = false;
    for (int i = 0; i < cycle.size(); i++) {
      if (cycle.get(i).kind() == Kind.READ_WRITE) {
        anti++;
        neighbours |= cycle.get((i + 1) % cycle.size()).kind() == Kind.READ_WRITE;
      }
    }
    if (anti == 1) {
      return isLostUpdate(cycle) ? Rule.LOST_UPDATE : Rule.G_SINGLE;
    } else if (neighbours) {
      return Rule.G2_ITEM;
    }
    boolean fork =
        cycle.size() == 4
            && cycle.stream().noneMatch(dependency -> dependency.kind() == Kind.WRITE_WRITE);
    return fork ? Rule.LONG_FORK : Rule.G_NONADJACENT;
  }

  /** T read x, another replaced it, and T replaced that without having seen it. */
  private static boolean isLostUpdate(List<Dependency> cycle) {
    return cycle.size() == 2
        && cycle.get(0).item().equals(cycle.get(1).item())
        && cycle.stream().anyMatch(dependency -> dependency.kind() == Kind.WRITE_WRITE);
  }

  private static Verdict.Broken broken(
      Rule rule, List<Dependency> cycle, Dependencies dependencies) {
    StringBuilder text = new StringBuilder();
    Set<Operation> operations = new LinkedHashSet<>();
    boolean supposed = cycle.stream().anyMatch(dependencies::isSupposed);
    Rule named = supposed && rule.compareTo(Rule.G1C) <= 0 ? Rule.LOST_WRITE : rule;
    for (Dependency dependency : cycle) {
      Transaction first = dependencies.transactions().get(dependency.from());
      Transaction second = dependencies.transactions().get(dependency.to());
      text.append(text.length() == 0 ? "" : "; ").append(dependency.explain(first, second));
      operations.add(first.operation());
      operations.add(second.operation());
    }
    text.append(": each would have to come before the next, and the last before the first");
    if (named == Rule.LOST_WRITE) {
      text.append(", unless a write that no read shows is lost");
    }
    return new Verdict.Broken(named, text.toString(), new ArrayList<>(operations));
  }
}
