package dev.kittiwake.tpcc;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Numbers by key, as one query gave them: the first columns are the key, the others the values. Not
 * changed once read.
 */
final class Facts {
  private final TreeMap<Key, BigDecimal[]> rows = new TreeMap<>();

  /** Reads a query whose first {@code keyColumns} (1 to 3) columns make the key. */
  static Facts read(Session session, int keyColumns, String sql, Object... values)
      throws SQLException {
    Facts facts = new Facts();
    try (ResultSet result = session.stream(sql, values)) {
      int width = result.getMetaData().getColumnCount() - keyColumns;
      while (result.next()) {
        Key key =
            new Key(
                result.getInt(1),
                keyColumns > 1 ? result.getInt(2) : 0,
                keyColumns > 2 ? result.getInt(3) : 0);
        BigDecimal[] row = new BigDecimal[width];
        for (int i = 0; i < width; i++) {
          row[i] = result.getBigDecimal(keyColumns + i + 1);
        }
        facts.rows.put(key, row);
      }
    }
    return facts;
  }

  Set<Key> keys() {
    return rows.keySet();
  }

  boolean has(Key key) {
    return rows.containsKey(key);
  }

  /** The value in a column (from 0), or null if it is NULL or the key is absent. */
  BigDecimal value(Key key, int column) {
    BigDecimal[] row = rows.get(key);
    return row == null ? null : row[column];
  }

  /** As {@link #value}, with zero for nothing: what a sum over no rows should have been. */
  BigDecimal sum(Key key, int column) {
    BigDecimal value = value(key, column);
    return value == null ? BigDecimal.ZERO : value;
  }

  /** Sums a column over the keys of each district. */
  Map<Key, BigDecimal> sumByDistrict(int column) {
    Map<Key, BigDecimal> sums = new TreeMap<>();
    rows.forEach((key, row) -> sums.merge(key.ofDistrict(), sum(key, column), BigDecimal::add));
    return sums;
  }

  /** Sums a column over the keys of each warehouse. */
  Map<Key, BigDecimal> sumByWarehouse(int column) {
    Map<Key, BigDecimal> sums = new TreeMap<>();
    rows.forEach((key, row) -> sums.merge(key.ofWarehouse(), sum(key, column), BigDecimal::add));
    return sums;
  }

  /** The numbers found in each district. */
  Map<Key, TreeSet<Integer>> numbersByDistrict() {
    Map<Key, TreeSet<Integer>> numbers = new TreeMap<>();
    for (Key key : rows.keySet()) {
      numbers.computeIfAbsent(key.ofDistrict(), k -> new TreeSet<>()).add(key.number());
    }
    return numbers;
  }

  /** All keys that occur in one of the collections. */
  @SafeVarargs
  static Set<Key> union(Collection<Key>... keys) {
    Set<Key> all = new TreeSet<>();
    for (Collection<Key> some : keys) {
      all.addAll(some);
    }
    return all;
  }
}
