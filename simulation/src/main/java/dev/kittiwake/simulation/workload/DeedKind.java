package dev.kittiwake.simulation.workload;

/** The kinds of operations, and how usual they are. */
public enum DeedKind {
  /** Raw reads, writes and deletions. */
  RAW(12),
  /** Raw compare-and-swap, and writes that respect it. */
  SWAP(4),
  /** Optimistic transactions on lists. */
  LISTS_OPTIMISTIC(4),
  /** Pessimistic transactions on lists. */
  LISTS_PESSIMISTIC(4),
  /** Optimistic transactions on registers. */
  REGISTERS(3),
  /** Transfers between accounts, and reads of all. */
  BANK(4),
  /** Additions to a set, and reads of the whole by a scan. */
  SET(3),
  /** Increments of counters. */
  COUNTER(2),
  /** Timestamps. */
  TIMESTAMPS(1);

  private final int weight;

  DeedKind(int weight) {
    this.weight = weight;
  }

  int weight() {
    return weight;
  }
}
