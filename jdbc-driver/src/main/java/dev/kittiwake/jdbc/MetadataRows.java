package dev.kittiwake.jdbc;

import dev.kittiwake.sql.ColumnDescription;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A result of a metadata call while it is being filled. The columns are fixed by JDBC. */
final class MetadataRows {
  private static final Map<String, JDBCType> TYPES =
      Map.of(
          "s",
          JDBCType.VARCHAR,
          "i",
          JDBCType.INTEGER,
          "h",
          JDBCType.SMALLINT,
          "b",
          JDBCType.BOOLEAN,
          "l",
          JDBCType.BIGINT);

  private final List<ColumnDescription> columns = new ArrayList<>();
  private final List<Object[]> rows = new ArrayList<>();

  /**
   * @param columns names, each with its type: {@code NAME:s} text, {@code i} int, {@code h} short,
   *     {@code b} boolean, {@code l} long
   */
  MetadataRows(String... columns) {
    for (String column : columns) {
      int colon = column.lastIndexOf(':');
      String name = column.substring(0, colon);
      JDBCType type = TYPES.get(column.substring(colon + 1));
      this.columns.add(
          new ColumnDescription(name, name, "", "", type, type.getName(), 0, 0, true, false, null));
    }
  }

  MetadataRows add(Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + columns.size() + " columns");
    }
    rows.add(values);
    return this;
  }

  /** Sorts by text columns, given by number from 0. */
  MetadataRows sortedBy(int... keys) {
    Comparator<Object[]> order = (left, right) -> 0;
    for (int key : keys) {
      order = order.thenComparing(row -> row[key], MetadataRows::compare);
    }
    rows.sort(order);
    return this;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // a column's values are of one class
  private static int compare(Object left, Object right) {
    if (left == null || right == null) {
      return left == right ? 0 : left == null ? -1 : 1;
    }
    return ((Comparable) left).compareTo(right);
  }

  ResultSet resultSet() {
    return ScrollableResultSet.ofMetadata(new ColumnIndex(columns), rows);
  }
}
