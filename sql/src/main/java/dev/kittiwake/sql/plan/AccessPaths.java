package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;

/**
 * All sensible ways to read a table under a condition. Where some key is bound, nothing that reads
 * everything is among them, whatever the statistics say.
 */
final class AccessPaths {
  private static final double SEEK_COST = 5;
  private static final double LOOKUP_COST_PER_ROW = 4;
  private static final double INDEX_ENTRY_COST = 0.8;
  private static final double ONE_BOUND_SELECTIVITY = 0.3;
  private static final double TWO_BOUNDS_SELECTIVITY = 0.1;
  private static final double EQUAL_SELECTIVITY = 0.05;
  private static final double FILTER_SELECTIVITY = 0.5;

  private final TableSchema table;
  private final double tableRows;
  private final List<RexNode> conjuncts;
  private final KeyConditions conditions;

  /**
   * @param condition over table ordinals, or empty
   */
  AccessPaths(TableSchema table, double tableRows, RexBuilder rex, Optional<RexNode> condition) {
    this.table = table;
    this.tableRows = tableRows;
    this.conjuncts = condition.map(c -> KeyConditions.conjuncts(rex, c)).orElse(List.of());
    this.conditions = new KeyConditions(table, rex, conjuncts);
  }

  /**
   * The candidates.
   *
   * @param needed ordinals the plan needs; the filter's are added
   */
  List<AccessPath> candidates(Collection<Integer> needed) {
    List<AccessPath> all = new ArrayList<>();
    all.add(path(Optional.empty(), needed));
    for (IndexSchema index : table.indexes()) {
      if (index.readable()) {
        all.add(path(Optional.of(index), needed));
      }
    }
    boolean someBound = all.stream().anyMatch(p -> !p.readsAll());
    if (someBound) {
      all.removeIf(AccessPath::readsAll);
    }
    Optional<AccessPath> point =
        all.stream().filter(p -> p.isPoints() && p.ranges().size() == 1).findFirst();
    return point.map(List::of).orElse(all);
  }

  /** The ordinals that have one value only, so that sorting by them is idle. */
  boolean isFixed(int ordinal) {
    return conditions.isFixed(ordinal);
  }

  private AccessPath path(Optional<IndexSchema> index, Collection<Integer> needed) {
    List<Integer> key = keyOf(table, index);
    boolean unique = index.map(IndexSchema::unique).orElse(true);
    int uniqueColumns = index.map(i -> i.columnIds().size()).orElse(key.size());
    KeyConditions.Match match = conditions.match(key);
    List<RexNode> filter = new ArrayList<>(conjuncts);
    filter.removeAll(match.covered());
    boolean complete =
        unique && match.ranges().stream().allMatch(r -> r.prefix().size() >= uniqueColumns);
    boolean covering = index.isEmpty() || covers(index.get(), needed, filter);
    double rows = estimate(match, complete);
    return new AccessPath(
        table,
        index,
        key,
        complete ? cut(match.ranges(), uniqueColumns) : match.ranges(),
        complete,
        covering,
        filter,
        complete && match.ranges().size() > 1
            ? List.of()
            : key.subList(match.fixedColumns(), key.size()),
        match.fixedColumns(),
        rows,
        cost(index.isPresent(), covering, match.ranges().size(), rows));
  }

  /** A unique index found by all its columns needs no part of the row's key behind them. */
  private static List<KeyRange> cut(List<KeyRange> ranges, int columns) {
    return ranges.stream().map(r -> KeyRange.ofPrefix(r.prefix().subList(0, columns))).toList();
  }

  /**
   * A key's columns in order. A non-unique index goes on with the row's key (as far as it is not
   * indexed already); a unique one too for reading in order, because entries with NULLs carry it.
   */
  static List<Integer> keyOf(TableSchema table, Optional<IndexSchema> index) {
    if (index.isEmpty()) {
      return table.keyOrdinals();
    }
    List<Integer> key = new ArrayList<>(table.ordinals(index.get()));
    if (!index.get().unique()) {
      table.keyOrdinals().stream().filter(o -> !key.contains(o)).forEach(key::add);
    }
    return List.copyOf(key);
  }

  /** Whether the entries of {@code index} hold all these columns. */
  static boolean holds(TableSchema table, IndexSchema index, Collection<Integer> ordinals) {
    Set<Integer> held = new HashSet<>(table.ordinals(index));
    held.addAll(table.keyOrdinals());
    return held.containsAll(ordinals);
  }

  private boolean covers(IndexSchema index, Collection<Integer> needed, List<RexNode> filter) {
    Set<Integer> all = new HashSet<>(needed);
    filter.forEach(f -> RelOptUtil.InputFinder.bits(f).forEach(all::add));
    return holds(table, index, all);
  }

  private double estimate(KeyConditions.Match match, boolean complete) {
    if (complete) {
      return match.ranges().size();
    }
    double rows = prefixRows(tableRows, match.equalColumns()) * match.ranges().size();
    if (match.bounded() > 0) {
      rows *= match.bounded() == 1 ? ONE_BOUND_SELECTIVITY : TWO_BOUNDS_SELECTIVITY;
    }
    return Math.max(1, Math.min(rows, tableRows));
  }

  /** Rows of a table that agree in so many columns: a guess, the same for all columns. */
  static double prefixRows(double tableRows, int equalColumns) {
    return Math.max(1, tableRows * Math.pow(EQUAL_SELECTIVITY, equalColumns));
  }

  private static double cost(boolean byIndex, boolean covering, int ranges, double rows) {
    double seeks = SEEK_COST * ranges;
    if (!byIndex) {
      return seeks + rows;
    }
    return seeks
        + rows * INDEX_ENTRY_COST
        + (covering ? 0 : SEEK_COST + rows * LOOKUP_COST_PER_ROW);
  }

  /** Rows left of {@code rows} by a number of further conditions. */
  static double filtered(double rows, int conditions) {
    return Math.max(1, rows * Math.pow(FILTER_SELECTIVITY, conditions));
  }
}
