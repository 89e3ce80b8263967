package dev.kittiwake.kv.engine;

import java.util.List;

/** The column families of a store's engine. The order fixes their ids on disk: never reorder. */
public enum Family {
  /** Values of transactions, and raw pairs. */
  DEFAULT("default"),
  /** Locks of transactions. */
  LOCK("lock"),
  /** Commit records of transactions. */
  WRITE("write"),
  /** The store's own records: identity, region states. Never part of a region's data. */
  RAFT("raft");

  /** The families that hold user data and travel in a region's snapshot. */
  public static final List<Family> OF_DATA = List.of(DEFAULT, LOCK, WRITE);

  private static final Family[] BY_ID = values();

  private final String label;

  Family(String label) {
    this.label = label;
  }

  /** The name on disk. */
  public String label() {
    return label;
  }

  /** The number of this family in write batches. */
  public int id() {
    return ordinal();
  }

  /**
   * The family numbered {@code id}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Family ofId(int id) {
    if (id < 0 || id >= BY_ID.length) {
      throw new IllegalArgumentException("no family has the id " + id);
    }
    return BY_ID[id];
  }
}
