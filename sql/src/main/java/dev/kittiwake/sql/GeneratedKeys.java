package dev.kittiwake.sql;

import java.util.List;

/** Identity values that an INSERT made: one row for each inserted row, in order. */
public record GeneratedKeys(List<ColumnDescription> columns, List<Object[]> rows) {
  public static final GeneratedKeys NONE = new GeneratedKeys(List.of(), List.of());

  public GeneratedKeys {
    columns = List.copyOf(columns);
  }
}
