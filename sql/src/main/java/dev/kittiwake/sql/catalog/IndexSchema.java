package dev.kittiwake.sql.catalog;

import java.util.List;

/**
 * One secondary index.
 *
 * @param id unique within the table for all time; index entries are stored by it
 * @param columnIds the indexed columns in index order
 */
public record IndexSchema(
    long id, String name, boolean unique, List<Integer> columnIds, State state) {

  public IndexSchema {
    columnIds = List.copyOf(columnIds);
    if (columnIds.isEmpty()) {
      throw new IllegalArgumentException("index " + name + " has no columns");
    }
  }

  /**
   * How far an index is built. Two neighbouring states may be in use in a cluster at the same time
   * (F1, Rae et al. 2013, §4).
   */
  public enum State {
    /** Writers remove entries of rows they change or delete, and add none; nobody reads it. */
    DELETE_ONLY,
    /** Writers keep it up in full; nobody reads it; existing rows are being filled in. */
    WRITE_ONLY,
    /** Complete: readers use it. */
    PUBLIC
  }

  /** The same index in another state. */
  public IndexSchema in(State next) {
    return new IndexSchema(id, name, unique, columnIds, next);
  }

  /** Whether a plan may read it. */
  public boolean readable() {
    return state == State.PUBLIC;
  }
}
