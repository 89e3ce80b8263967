package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What is known of the order in which the versions of one item were written. A version is named by
 * the value that was written last; null is the version before all writes.
 */
final class Versions {
  /**
   * How it is known.
   *
   * @param operations those that show it
   */
  record Proof(String sentence, List<Operation> operations) {}

  private static final Proof PLAIN = new Proof("", List.of());

  private final Map<Long, Map<Long, Proof>> successors = new LinkedHashMap<>();

  /** {@code later} was written after {@code earlier}, with known versions or none between them. */
  void follows(Long earlier, Long later) {
    follows(earlier, later, () -> PLAIN);
  }

  /**
   * @param proof asked for only if this was not known yet
   */
  void follows(Long earlier, Long later, Supplier<Proof> proof) {
    successors
        .computeIfAbsent(earlier, none -> new LinkedHashMap<>())
        .computeIfAbsent(later, none -> proof.get());
  }

  /** The versions known to come after {@code version}, the nearest of them at least. */
  Set<Long> after(Long version) {
    return successors.getOrDefault(version, Map.of()).keySet();
  }

  /** Versions of which something later is known. */
  Set<Long> known() {
    return successors.keySet();
  }

  /** Proofs that together say each version is older than the next and the last than the first. */
  List<Proof> circle() {
    List<Long> names = new ArrayList<>(successors.keySet());
    Map<Long, Integer> numbers = new LinkedHashMap<>();
    names.forEach(name -> numbers.put(name, numbers.size()));
    Graph graph = new Graph(names.size());
    successors.forEach(
        (from, all) -> {
          for (Long to : all.keySet()) {
            if (numbers.containsKey(to)) {
              graph.edge(numbers.get(from), numbers.get(to), 0, 1);
            }
          }
        });
    List<Proof> circle = new ArrayList<>();
    for (int edge : graph.shortestCycle(all -> true)) {
      circle.add(successors.get(names.get(graph.from(edge))).get(names.get(graph.to(edge))));
    }
    return circle;
  }
}
