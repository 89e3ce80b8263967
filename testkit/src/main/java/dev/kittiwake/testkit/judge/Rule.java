package dev.kittiwake.testkit.judge;

/**
 * The rules a history can break, worst first. Names of phenomena are those of Adya, "Weak
 * Consistency: A Generalized Theory and Optimistic Implementations for Distributed Transactions"
 * (1999), and of the literature on testing after it.
 */
public enum Rule {
  /** A read returned a value that nobody wrote. */
  GARBAGE_READ("garbage read"),
  /** The same write shows twice. */
  DUPLICATE_ELEMENT("duplicate element"),
  /** Two reads of one list cannot both be right: neither is a beginning of the other. */
  INCOMPATIBLE_ORDER("incompatible order"),
  /** A transaction does not see its own writes, or its own reads contradict each other. */
  INTERNAL("internal inconsistency"),
  /** Dirty write: a cycle of writes alone. Adya's G0. */
  G0("G0 (dirty write)"),
  /** Aborted read. Adya's G1a. */
  G1A("G1a (aborted read)"),
  /** Intermediate read: a value that its own transaction overwrote. Adya's G1b. */
  G1B("G1b (intermediate read)"),
  /** Circular information flow: a cycle of writes and reads of them. Adya's G1c. */
  G1C("G1c (circular information flow)"),
  /** Two transactions read the same version and both replaced it. */
  LOST_UPDATE("lost update"),
  /** An acknowledged write is missing. */
  LOST_WRITE("lost write"),
  /** Two writes are seen in different orders by two readers. */
  LONG_FORK("long fork"),
  /** Read skew: a cycle with exactly one anti-dependency. Adya's G-single. */
  G_SINGLE("G-single (read skew)"),
  /** A cycle whose anti-dependencies are never neighbours; snapshot isolation forbids it. */
  G_NONADJACENT("G-nonadjacent"),
  /** Write skew: a cycle with anti-dependencies on items. Adya's G2-item. */
  G2_ITEM("G2-item (write skew)"),
  /** Right but for real time: an order that the clients could see was turned round. */
  REAL_TIME("real-time order"),
  /** No order of the operations, each between its call and its answer, explains the answers. */
  NOT_LINEARIZABLE("not linearizable"),
  /** An acknowledged write was not seen by a later read, and was seen again after that. */
  STALE_READ("stale read"),
  /** Money appeared or vanished. */
  WRONG_TOTAL("wrong total"),
  /** A balance below zero. */
  OVERDRAFT("overdraft"),
  /** What only grows went backwards. */
  NOT_MONOTONIC("not monotonic"),
  /** Two timestamps are equal, or a later one is smaller. */
  TIMESTAMP_ORDER("timestamp order");

  private final String title;

  Rule(String title) {
    this.title = title;
  }

  /** The rule's name for people. */
  public String title() {
    return title;
  }
}
