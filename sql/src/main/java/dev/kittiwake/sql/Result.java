package dev.kittiwake.sql;

import java.util.List;
import java.util.Objects;

/** What a statement gave: rows or a count. */
public sealed interface Result {
  /** Rows, read once from first to last. */
  record Rows(List<ColumnDescription> columns, RowCursor cursor) implements Result {
    public Rows {
      columns = List.copyOf(columns);
      Objects.requireNonNull(cursor, "cursor");
    }
  }

  /**
   * @param updateCount rows changed; 0 for statements that change none
   * @param generatedKeys never null; empty unless asked for
   */
  record Count(long updateCount, GeneratedKeys generatedKeys) implements Result {
    public Count {
      Objects.requireNonNull(generatedKeys, "generatedKeys");
    }
  }
}
