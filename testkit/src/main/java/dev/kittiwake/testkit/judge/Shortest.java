package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.judge.KeyOperations.Op;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts operations on one key that have no order down to few that have none either.
 *
 * <p>Only cuts are made after which an ordered history would still be ordered, so that what is left
 * accuses the system and not the cut: the end of the history; operations that only look; and a
 * value altogether, that is its writers with everybody who found it or needed it, and so on for the
 * values those wrote.
 */
final class Shortest {
  private static final long CONFIGURATIONS_EACH = 100_000;
  private static final int MOST_TRIALS = 1_000;

  private int trials;

  private Shortest() {}

  /** The same operations or fewer, without an order if {@code ops} has none. */
  static List<Op> of(List<Op> ops) {
    Shortest cut = new Shortest();
    OrderSearch search = new OrderSearch(ops);
    search.run(Linearizability.MOST_CONFIGURATIONS);
    List<Op> kept = cut.endOf(until(ops, search.furthestStop()));
    kept = cut.withoutReads(kept);
    kept = cut.withoutValues(kept);
    return cut.withoutReads(kept);
  }

  private boolean hasNoOrder(List<Op> ops) {
    trials++;
    return trials <= MOST_TRIALS
        && new OrderSearch(ops).run(CONFIGURATIONS_EACH) == OrderSearch.Outcome.NO_ORDER;
  }

  /** Leaves out values that the last few operations have nothing to do with, if that is enough. */
  private List<Op> endOf(List<Op> ops) {
    Map<Optional<String>, List<Op>> byValue = byValue(ops);
    for (int last = 4; last < ops.size(); last *= 2) {
      Set<Optional<String>> wanted = new HashSet<>();
      for (Op op : ops.subList(ops.size() - last, ops.size())) {
        wanted.add(leaves(op));
        wanted.add(Optional.ofNullable(op.needs()));
      }
      Set<Op> gone = new HashSet<>();
      for (Optional<String> value : byValue.keySet()) {
        if (!wanted.contains(value)) {
          gone.addAll(family(value, byValue));
        }
      }
      List<Op> fewer = new ArrayList<>(ops);
      fewer.removeAll(gone);
      if (hasNoOrder(fewer)) {
        return fewer;
      }
    }
    return ops;
  }

  /** What was known right after the event at {@code end}. */
  private static List<Op> until(List<Op> ops, int end) {
    List<Op> kept = new ArrayList<>();
    for (Op op : ops) {
      if (op.answered() && op.endedAt() <= end) {
        kept.add(op);
      } else if (op.invokedAt() < end && op.writes()) {
        kept.add(
            op.answered()
                ? new Op(op.operation(), false, op.looks(), op.needs(), true, op.leaves())
                : op);
      }
    }
    return kept;
  }

  private List<Op> withoutReads(List<Op> ops) {
    List<Set<Op>> groups = new ArrayList<>();
    for (Op op : ops) {
      if (!op.writes()) {
        groups.add(Set.of(op));
      }
    }
    return without(ops, groups);
  }

  private static Map<Optional<String>, List<Op>> byValue(List<Op> ops) {
    Map<Optional<String>, List<Op>> byValue = new LinkedHashMap<>();
    for (Op op : ops) {
      if (op.writes()) {
        byValue.computeIfAbsent(leaves(op), none -> new ArrayList<>()).add(op);
      }
      if (op.looks()) {
        byValue.computeIfAbsent(Optional.ofNullable(op.needs()), none -> new ArrayList<>()).add(op);
      }
    }
    return byValue;
  }

  private List<Op> withoutValues(List<Op> ops) {
    Map<Optional<String>, List<Op>> byValue = byValue(ops);
    List<Set<Op>> groups = new ArrayList<>();
    for (Op op : ops) {
      if (op.writes()) {
        groups.add(family(leaves(op), byValue));
      }
    }
    return without(ops, groups);
  }

  private static Optional<String> leaves(Op op) {
    return Optional.ofNullable(op.leaves());
  }

  /** Whoever left {@code value} or looked for it, and the families of what those wrote. */
  private static Set<Op> family(Optional<String> value, Map<Optional<String>, List<Op>> byValue) {
    Set<Op> family = new HashSet<>();
    Set<Optional<String>> values = new HashSet<>(Set.of(value));
    Deque<Optional<String>> todo = new ArrayDeque<>(values);
    while (!todo.isEmpty()) {
      for (Op op : byValue.getOrDefault(todo.pop(), List.of())) {
        if (family.add(op) && op.writes() && values.add(leaves(op))) {
          todo.push(leaves(op));
        }
      }
    }
    return family;
  }

  /** Leaves out as many groups as possible: halves first, then quarters, down to single ones. */
  private List<Op> without(List<Op> ops, List<Set<Op>> groups) {
    List<Op> kept = ops;
    for (int size = Math.max(1, groups.size() / 2); size >= 1; size /= 2) {
      for (int from = 0; from < groups.size(); from += size) {
        Set<Op> gone = new HashSet<>();
        groups.subList(from, Math.min(groups.size(), from + size)).forEach(gone::addAll);
        List<Op> fewer = new ArrayList<>(kept);
        fewer.removeAll(gone);
        if (fewer.size() < kept.size() && hasNoOrder(fewer)) {
          kept = fewer;
        }
      }
    }
    return kept;
  }
}
