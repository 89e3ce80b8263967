package dev.kittiwake.sql;

import java.util.List;

/**
 * What a statement needs and gives.
 *
 * @param columns columns of its result; empty if it gives a count
 * @param parameters one for each {@code ?}
 * @param modifying whether it may write
 */
public record StatementDescription(
    List<ColumnDescription> columns, List<ColumnDescription> parameters, boolean modifying) {
  public StatementDescription {
    columns = List.copyOf(columns);
    parameters = List.copyOf(parameters);
  }

  public boolean returnsRows() {
    return !columns.isEmpty();
  }
}
