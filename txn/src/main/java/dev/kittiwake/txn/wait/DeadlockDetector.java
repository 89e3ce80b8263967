package dev.kittiwake.txn.wait;

import dev.kittiwake.proto.key.Key;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The graph of who waits for whom, over all stores. An edge that would close a cycle is refused, so
 * the graph never has one. Edges that are not renewed expire: a store may die without taking its
 * waiters back.
 *
 * <p>Pure data structure for one thread. Time is whatever monotonic count the owner passes as
 * {@code now}, in milliseconds.
 */
public final class DeadlockDetector {
  private final long edgeLifeMillis;
  // by waiting transaction, then by the edge's identity; no empty inner map stays
  private final Map<Long, Map<EdgeId, TimedEdge>> edges = new LinkedHashMap<>();

  /**
   * @param edgeLifeMillis at least the longest time a waiter may wait
   */
  public DeadlockDetector(long edgeLifeMillis) {
    this.edgeLifeMillis = edgeLifeMillis;
  }

  /**
   * Adds {@code edge} unless it closes a cycle. Returns null if it was added, else the cycle: the
   * waits of others from {@code edge.waitForTxn()} back to {@code edge.txn()}, then {@code edge}.
   */
  public Cycle detect(WaitEdge edge, long now) {
    List<WaitEdge> path = path(edge.waitForTxn(), edge.txn(), now);
    if (path != null) {
      // A transaction that waits for itself has no other edge: the key is its own.
      WaitEdge last = path.isEmpty() ? edge : path.get(path.size() - 1);
      List<WaitEdge> chain = new ArrayList<>(path);
      chain.add(edge);
      return new Cycle(last.keyHash(), last.key(), chain);
    }
    edges
        .computeIfAbsent(edge.txn(), txn -> new LinkedHashMap<>())
        .put(new EdgeId(edge.waitForTxn(), edge.keyHash()), new TimedEdge(edge, now));
    return null;
  }

  /** The wait is over. */
  public void remove(long txn, long waitForTxn, long keyHash) {
    Map<EdgeId, TimedEdge> outgoing = edges.get(txn);
    if (outgoing != null) {
      outgoing.remove(new EdgeId(waitForTxn, keyHash));
      if (outgoing.isEmpty()) {
        edges.remove(txn);
      }
    }
  }

  /** The transaction waits for nothing any more. */
  public void removeTxn(long txn) {
    edges.remove(txn);
  }

  /** Forgets all edges: the detector has moved to another store. */
  public void clear() {
    edges.clear();
  }

  /** Drops expired edges. Detection ignores them anyway; this frees their memory. */
  public void expire(long now) {
    Iterator<Map<EdgeId, TimedEdge>> all = edges.values().iterator();
    while (all.hasNext()) {
      Map<EdgeId, TimedEdge> outgoing = all.next();
      outgoing.values().removeIf(edge -> isExpired(edge, now));
      if (outgoing.isEmpty()) {
        all.remove();
      }
    }
  }

  public int size() {
    return edges.values().stream().mapToInt(Map::size).sum();
  }

  /** The edges now known, in the order in which their transactions began to wait. */
  public List<WaitEdge> edges() {
    List<WaitEdge> all = new ArrayList<>();
    edges.values().forEach(outgoing -> outgoing.values().forEach(e -> all.add(e.edge)));
    return all;
  }

  /** The shortest path of live edges, null if there is none. Breadth first. */
  private List<WaitEdge> path(long from, long to, long now) {
    if (from == to) {
      return List.of();
    }
    Map<Long, WaitEdge> reachedBy = new HashMap<>();
    Set<Long> seen = new HashSet<>();
    Deque<Long> open = new ArrayDeque<>();
    open.add(from);
    seen.add(from);
    while (!open.isEmpty()) {
      Map<EdgeId, TimedEdge> outgoing = edges.get(open.removeFirst());
      if (outgoing == null) {
        continue;
      }
      outgoing.values().removeIf(edge -> isExpired(edge, now));
      for (TimedEdge timed : outgoing.values()) {
        long next = timed.edge.waitForTxn();
        if (seen.add(next)) {
          reachedBy.put(next, timed.edge);
          if (next == to) {
            return backtrack(reachedBy, from, to);
          }
          open.addLast(next);
        }
      }
    }
    return null;
  }

  private static List<WaitEdge> backtrack(Map<Long, WaitEdge> reachedBy, long from, long to) {
    List<WaitEdge> path = new ArrayList<>();
    long at = to;
    while (at != from) {
      WaitEdge edge = reachedBy.get(at);
      path.add(edge);
      at = edge.txn();
    }
    Collections.reverse(path);
    return path;
  }

  private boolean isExpired(TimedEdge edge, long now) {
    return now - edge.since >= edgeLifeMillis;
  }

  private record EdgeId(long waitForTxn, long keyHash) {}

  private record TimedEdge(WaitEdge edge, long since) {}

  /**
   * A refused wait.
   *
   * @param deadlockKeyHash hash of the key, held by the refused transaction, that the last of the
   *     others waits for
   * @param chain all waits of the cycle, the refused one last
   */
  public record Cycle(long deadlockKeyHash, Key deadlockKey, List<WaitEdge> chain) {
    public Cycle {
      chain = List.copyOf(chain);
    }
  }
}
