package dev.kittiwake.testkit.judge;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A directed graph with numbered nodes and edges, and the two questions the judges ask: which nodes
 * lie on cycles together (Tarjan 1972), and which cycle is the shortest. Every edge has a mark that
 * means something to the caller, and a length of 0 or 1.
 */
final class Graph {
  /** How many nodes of a component are tried as the start of the shortest cycle. */
  private static final int MOST_STARTS = 200;

  private final int nodes;
  private int[] from = new int[64];
  private int[] to = new int[64];
  private int[] mark = new int[64];
  private byte[] length = new byte[64];
  private int edges;
  private int[] firstOfNode; // into `sorted`, built when first needed
  private int[] sorted;

  Graph(int nodes) {
    this.nodes = nodes;
  }

  /**
   * @param length 0 or 1
   */
  void edge(int from, int to, int mark, int length) {
    if (edges == this.from.length) {
      this.from = Arrays.copyOf(this.from, 2 * edges);
      this.to = Arrays.copyOf(this.to, 2 * edges);
      this.mark = Arrays.copyOf(this.mark, 2 * edges);
      this.length = Arrays.copyOf(this.length, 2 * edges);
    }
    this.from[edges] = from;
    this.to[edges] = to;
    this.mark[edges] = mark;
    this.length[edges++] = (byte) length;
    sorted = null;
  }

  int edges() {
    return edges;
  }

  int from(int edge) {
    return from[edge];
  }

  int to(int edge) {
    return to[edge];
  }

  int mark(int edge) {
    return mark[edge];
  }

  private void sort() {
    if (sorted != null) {
      return;
    }
    firstOfNode = new int[nodes + 1];
    for (int edge = 0; edge < edges; edge++) {
      firstOfNode[from[edge] + 1]++;
    }
    for (int node = 0; node < nodes; node++) {
      firstOfNode[node + 1] += firstOfNode[node];
    }
    int[] place = firstOfNode.clone();
    sorted = new int[edges];
    for (int edge = 0; edge < edges; edge++) {
      sorted[place[from[edge]]++] = edge;
    }
  }

  /**
   * The nodes that lie on cycles of the edges with a mark that {@code allowed} accepts, put
   * together with those they share a cycle with; smallest first.
   */
  List<int[]> components(IntPredicate allowed) {
    sort();
    int[] order = new int[nodes]; // of discovery, from 1; 0: not yet
    int[] low = new int[nodes];
    int[] place = firstOfNode.clone();
    boolean[] open = new boolean[nodes];
    int[] path = new int[nodes];
    int[] stack = new int[nodes];
    int depth;
    int height = 0;
    int count = 0;
    List<int[]> found = new ArrayList<>();
    for (int root = 0; root < nodes; root++) {
      if (order[root] != 0) {
        continue;
      }
      depth = 1;
      path[0] = root;
      order[root] = low[root] = ++count;
      stack[height++] = root;
      open[root] = true;
      while (depth > 0) {
        int node = path[depth - 1];
        if (place[node] < firstOfNode[node + 1]) {
          int edge = sorted[place[node]++];
          int next = to[edge];
          if (!allowed.test(mark[edge])) {
            continue;
          }
          if (order[next] == 0) {
            order[next] = low[next] = ++count;
            stack[height++] = next;
            open[next] = true;
            path[depth++] = next;
          } else if (open[next]) {
            low[node] = Math.min(low[node], order[next]);
          }
          continue;
        }
        depth--;
        if (depth > 0) {
          low[path[depth - 1]] = Math.min(low[path[depth - 1]], low[node]);
        }
        if (low[node] == order[node]) {
          int end = height;
          do {
            open[stack[--height]] = false;
          } while (stack[height] != node);
          if (end - height > 1) {
            found.add(Arrays.copyOfRange(stack, height, end));
          }
        }
      }
    }
    found.sort(Comparator.comparingInt(component -> component.length));
    return found;
  }

  /** The edges of a shortest cycle in the smallest component; empty if there is no cycle. */
  List<Integer> shortestCycle(IntPredicate allowed) {
    List<int[]> components = components(allowed);
    if (components.isEmpty()) {
      return List.of();
    }
    List<Integer> best = List.of();
    int bestLength = Integer.MAX_VALUE;
    int starts = 0;
    for (int node : components.get(0)) {
      if (starts++ == MOST_STARTS) {
        break;
      }
      List<Integer> cycle = path(node, node, allowed);
      int steps = cycle.stream().mapToInt(edge -> length[edge]).sum();
      if (!cycle.isEmpty() && (best.isEmpty() || steps < bestLength)) {
        best = cycle;
        bestLength = steps;
      }
    }
    return best;
  }

  /** The edges of a shortest way of at least one edge; empty if there is none. */
  List<Integer> path(int start, int end, IntPredicate allowed) {
    sort();
    int[] distance = new int[nodes];
    int[] arrival = new int[nodes]; // the edge by which a node is best reached
    Arrays.fill(distance, Integer.MAX_VALUE);
    Arrays.fill(arrival, -1);
    Deque<Integer> queue = new ArrayDeque<>();
    queue.add(start);
    int at = 0; // distance of the start itself, which may be reached again
    boolean first = true;
    while (!queue.isEmpty()) {
      int node = queue.poll();
      if (node == end && !first) {
        break;
      }
      at = first ? 0 : distance[node];
      first = false;
      for (int i = firstOfNode[node]; i < firstOfNode[node + 1]; i++) {
        int edge = sorted[i];
        int reached = at + length[edge];
        if (allowed.test(mark[edge]) && reached < distance[to[edge]]) {
          distance[to[edge]] = reached;
          arrival[to[edge]] = edge;
          if (length[edge] == 0) {
            queue.addFirst(to[edge]);
          } else {
            queue.addLast(to[edge]);
          }
        }
      }
    }
    List<Integer> path = new ArrayList<>();
    if (arrival[end] < 0) {
      return path;
    }
    int node = end;
    do {
      path.add(0, arrival[node]);
      node = from[arrival[node]];
    } while (node != start);
    return path;
  }
}
