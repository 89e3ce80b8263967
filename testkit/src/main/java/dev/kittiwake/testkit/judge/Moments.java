package dev.kittiwake.testkit.judge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The moments at which transactions start and commit, as a graph: an edge for everything that
 * proves one moment to be before another (Adya's start-ordered serialization graph, §4.3). A
 * promise is kept if and only if the moments can be put into one order, that is, if there is no
 * cycle.
 *
 * <p>Node 2i is the start of transaction i, node 2i + 1 its commit. Real time is a chain of further
 * nodes, one for each end: the commit of what ended leads to its link, and the link leads to the
 * start of what began next.
 */
final class Moments {
  private static final int INNER = -1; // from a start to its commit
  private static final int LINK = -2; // into, along and out of the chain of real time

  private final List<Transaction> transactions;
  private final List<Dependency> dependencies;
  private final Graph graph;

  Moments(Dependencies known, Level level) {
    transactions = known.transactions();
    dependencies = known.all();
    graph = new Graph(3 * transactions.size());
    for (int i = 0; i < transactions.size(); i++) {
      graph.edge(2 * i, 2 * i + 1, INNER, 0);
    }
    for (int i = 0; i < dependencies.size(); i++) {
      Dependency dependency = dependencies.get(i);
      boolean fromStart =
          dependency.kind() == Dependency.Kind.READ_WRITE
              && (level.isOneSnapshot() || !dependency.current());
      boolean toStart =
          dependency.kind() == Dependency.Kind.WRITE_WRITE
              ? level.isOneSnapshot()
              : dependency.kind() == Dependency.Kind.WRITE_READ
                  && (level.isOneSnapshot() || (level.repeatsReads() && !dependency.current()));
      graph.edge(
          2 * dependency.from() + (fromStart ? 0 : 1),
          2 * dependency.to() + (toStart ? 0 : 1),
          i,
          1);
    }
    if (level.bindsRealTime()) {
      chain();
    }
  }

  private void chain() {
    record Event(int position, int transaction, boolean begins) {}
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < transactions.size(); i++) {
      events.add(new Event(transactions.get(i).operation().invokedAt(), i, true));
      if (transactions.get(i).operation().isOk()) {
        events.add(new Event(transactions.get(i).operation().endedAt(), i, false));
      }
    }
    events.sort(Comparator.comparingInt(Event::position));
    int link = 2 * transactions.size() - 1; // the last one in the chain; none yet
    int none = link;
    for (Event event : events) {
      if (!event.begins()) {
        link++;
        graph.edge(2 * event.transaction() + 1, link, LINK, 1);
        if (link - 1 > none) {
          graph.edge(link - 1, link, LINK, 0);
        }
      } else if (link > none) {
        graph.edge(link, 2 * event.transaction(), LINK, 0);
      }
    }
  }

  /**
   * A short cycle of dependencies of these kinds; empty if there is none.
   *
   * @param fewAntiDependencies whether to look for a cycle with a single anti-dependency first
   */
  List<Dependency> cycle(List<Dependency.Kind> kinds, boolean fewAntiDependencies) {
    IntPredicate allowed =
        mark ->
            mark == INNER
                || (mark == LINK
                    ? kinds.contains(Dependency.Kind.REAL_TIME)
                    : kinds.contains(dependencies.get(mark).kind()));
    if (fewAntiDependencies) {
      List<Dependency> single = single(allowed);
      if (!single.isEmpty()) {
        return single;
      }
    }
    return named(graph.shortestCycle(allowed));
  }

  private static final int MOST_TRIALS = 2_000;

  private List<Dependency> single(IntPredicate allowed) {
    List<Integer> best = List.of();
    int trials = 0;
    for (int[] component : graph.components(allowed)) {
      boolean[] inside = new boolean[3 * transactions.size()];
      for (int node : component) {
        inside[node] = true;
      }
      for (int edge = 0; edge < graph.edges() && trials < MOST_TRIALS; edge++) {
        if (inside[graph.from(edge)] && inside[graph.to(edge)] && isAnti(graph.mark(edge))) {
          trials++;
          List<Integer> back =
              graph.path(
                  graph.to(edge), graph.from(edge), mark -> allowed.test(mark) && !isAnti(mark));
          if (!back.isEmpty() && (best.isEmpty() || back.size() + 1 < best.size())) {
            best = new ArrayList<>(List.of(edge));
            best.addAll(back);
          }
        }
      }
      if (!best.isEmpty()) {
        break;
      }
    }
    return named(best);
  }

  private boolean isAnti(int mark) {
    return mark >= 0 && dependencies.get(mark).kind() == Dependency.Kind.READ_WRITE;
  }

  private List<Dependency> named(List<Integer> edges) {
    List<Dependency> cycle = new ArrayList<>();
    // Start outside of the chain of real time, so that each way along it is in one piece.
    int shift = 0;
    while (shift < edges.size() && graph.from(edges.get(shift)) >= 2 * transactions.size()) {
      shift++;
    }
    int ended = -1;
    for (int i = 0; i < edges.size(); i++) {
      int edge = edges.get((i + shift) % edges.size());
      if (graph.mark(edge) >= 0) {
        cycle.add(dependencies.get(graph.mark(edge)));
      } else if (graph.mark(edge) == LINK && graph.from(edge) < 2 * transactions.size()) {
        ended = graph.from(edge) / 2;
      } else if (graph.mark(edge) == LINK && graph.to(edge) < 2 * transactions.size()) {
        int began = graph.to(edge) / 2;
        cycle.add(new Dependency(ended, began, Dependency.Kind.REAL_TIME, null, null, null, false));
      }
    }
    return cycle;
  }
}
