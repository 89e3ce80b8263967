package dev.kittiwake.sql;

import java.util.List;

/**
 * @param columns names in key order
 */
public record IndexDescription(String name, boolean unique, List<String> columns) {
  public IndexDescription {
    columns = List.copyOf(columns);
  }
}
