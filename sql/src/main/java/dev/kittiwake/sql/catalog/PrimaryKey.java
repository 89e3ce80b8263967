package dev.kittiwake.sql.catalog;

import java.util.List;

/**
 * What a table's rows are stored by.
 *
 * @param columnIds the key's columns in key order; empty: rows are stored by a hidden row id
 */
public record PrimaryKey(List<Integer> columnIds) {
  /** Rows are stored by a hidden row id. */
  public static final PrimaryKey HIDDEN = new PrimaryKey(List.of());

  public PrimaryKey {
    columnIds = List.copyOf(columnIds);
  }

  /** Whether the table has no key of its own but a hidden row id. */
  public boolean hidden() {
    return columnIds.isEmpty();
  }
}
