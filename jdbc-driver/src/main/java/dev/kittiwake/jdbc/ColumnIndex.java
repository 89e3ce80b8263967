package dev.kittiwake.jdbc;

import dev.kittiwake.sql.ColumnDescription;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds columns of a result by label without regard to case. Confined to one connection. */
final class ColumnIndex {
  private final List<ColumnDescription> columns;
  private Map<String, Integer> byLabel; // made at the first look-up

  ColumnIndex(List<ColumnDescription> columns) {
    this.columns = columns;
  }

  boolean isOf(List<ColumnDescription> others) {
    return columns == others || columns.equals(others);
  }

  List<ColumnDescription> columns() {
    return columns;
  }

  /** The column's number from 0, or -1. The first of several with the same label. */
  int find(String label) {
    Map<String, Integer> map = byLabel;
    if (map == null) {
      map = index();
      byLabel = map;
    }
    Integer found = map.get(label);
    if (found == null) {
      found = map.get(label.toLowerCase(Locale.ROOT));
      if (found != null) {
        map.put(label, found); // the next look-up with this spelling is direct
      }
    }
    return found == null ? -1 : found;
  }

  private Map<String, Integer> index() {
    Map<String, Integer> map = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      map.putIfAbsent(columns.get(i).label().toLowerCase(Locale.ROOT), i);
    }
    for (int i = 0; i < columns.size(); i++) { // a label wins over a column's name
      map.putIfAbsent(columns.get(i).name().toLowerCase(Locale.ROOT), i);
    }
    return map;
  }
}
