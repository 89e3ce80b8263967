package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;

/**
 * A condition on one table, taken apart into what keys can use: per column the values it must equal
 * and its bounds. Each finding remembers the conjunct it comes from, so that the caller knows what
 * a key does not cover.
 */
final class KeyConditions {
  /** More combinations of IN lists than this are not made into keys. */
  private static final int MAX_KEYS = 1000;

  private final TableSchema table;
  private final RexBuilder rex;
  private final List<RexNode> conjuncts;
  private final Map<Integer, Equal> equal = new HashMap<>(); // by column ordinal
  private final Map<Integer, Limit> lower = new HashMap<>();
  private final Map<Integer, Limit> upper = new HashMap<>();
  private final List<RexNode> disjunctions = new ArrayList<>(); // ORs over several columns

  private record Equal(List<RexNode> alternatives, RexNode conjunct) {}

  private record Limit(KeyRange.Bound bound, RexNode conjunct) {}

  /**
   * What a condition says about one key.
   *
   * @param ranges to read
   * @param covered conjuncts that the ranges guarantee
   * @param equalColumns leading key columns that are equal to one of some values, in every range
   * @param fixedColumns leading key columns that have one and the same value in all ranges
   * @param bounded whether the column after the equal ones is bounded from below or above (or both:
   *     2)
   */
  record Match(
      List<KeyRange> ranges,
      Set<RexNode> covered,
      int equalColumns,
      int fixedColumns,
      int bounded) {
    boolean bindsNothing() {
      return equalColumns == 0 && bounded == 0;
    }
  }

  /**
   * @param conjuncts ANDed; input references are ordinals of the table. Without SEARCH
   */
  KeyConditions(TableSchema table, RexBuilder rex, List<RexNode> conjuncts) {
    this.table = table;
    this.rex = rex;
    this.conjuncts = conjuncts;
    conjuncts.forEach(this::add);
  }

  /** The conjuncts of {@code condition}, free of SEARCH. */
  static List<RexNode> conjuncts(RexBuilder rex, RexNode condition) {
    return RelOptUtil.conjunctions(RexUtil.expandSearch(rex, null, condition));
  }

  /** Whether {@code ordinal} has exactly one possible value. */
  boolean isFixed(int ordinal) {
    Equal found = equal.get(ordinal);
    return found != null && found.alternatives.size() == 1;
  }

  /** The value of a fixed column and the conjunct that says so. */
  Optional<Map.Entry<RexNode, RexNode>> fixedValue(int ordinal) {
    return isFixed(ordinal)
        ? Optional.of(
            Map.entry(equal.get(ordinal).alternatives.get(0), equal.get(ordinal).conjunct))
        : Optional.empty();
  }

  /** What the condition says about the key made of these columns. */
  Match match(List<Integer> key) {
    Match best = matchConjuncts(key);
    for (RexNode disjunction : disjunctions) {
      Optional<Match> union = matchDisjunction(key, disjunction);
      if (union.isPresent() && union.get().equalColumns > best.equalColumns) {
        best = union.get();
      }
    }
    return best;
  }

  private Match matchConjuncts(List<Integer> key) {
    List<List<RexNode>> prefixes = List.of(List.of());
    Set<RexNode> covered = new LinkedHashSet<>();
    int equals = 0;
    int fixed = 0;
    for (int column : key) {
      Equal found = equal.get(column);
      if (found == null || prefixes.size() * found.alternatives.size() > MAX_KEYS) {
        break;
      }
      prefixes = product(prefixes, found.alternatives);
      covered.add(found.conjunct);
      equals++;
      fixed += prefixes.size() == 1 ? 1 : 0;
    }
    Optional<Limit> from = Optional.empty();
    Optional<Limit> to = Optional.empty();
    if (equals < key.size() && !equal.containsKey(key.get(equals))) {
      from = Optional.ofNullable(lower.get(key.get(equals)));
      to = Optional.ofNullable(upper.get(key.get(equals)));
    }
    from.ifPresent(limit -> covered.add(limit.conjunct));
    to.ifPresent(limit -> covered.add(limit.conjunct));
    List<KeyRange> ranges = new ArrayList<>();
    for (List<RexNode> prefix : prefixes) {
      ranges.add(new KeyRange(prefix, from.map(Limit::bound), to.map(Limit::bound)));
    }
    int bounded = (from.isPresent() ? 1 : 0) + (to.isPresent() ? 1 : 0);
    return new Match(ranges, covered, equals, fixed, bounded);
  }

  /** {@code (a = 1 AND b = 2) OR (a = 3 AND b = 4)}: the union of what each branch says. */
  private Optional<Match> matchDisjunction(List<Integer> key, RexNode disjunction) {
    List<RexNode> others = new ArrayList<>(conjuncts);
    others.remove(disjunction);
    List<KeyRange> ranges = new ArrayList<>();
    Set<RexNode> covered = new LinkedHashSet<>(others);
    boolean coversAll = true;
    int equals = Integer.MAX_VALUE;
    for (RexNode branch : RelOptUtil.disjunctions(disjunction)) {
      List<RexNode> parts = RelOptUtil.conjunctions(branch);
      List<RexNode> all = new ArrayList<>(others);
      all.addAll(parts);
      Match match = new KeyConditions(table, rex, all).matchConjuncts(key);
      ranges.addAll(match.ranges);
      covered.retainAll(match.covered);
      coversAll &= match.covered.containsAll(parts);
      equals = Math.min(equals, match.equalColumns);
    }
    if (ranges.size() > MAX_KEYS) {
      return Optional.empty();
    }
    if (coversAll) {
      covered.add(disjunction);
    }
    return Optional.of(new Match(ranges, covered, equals, 0, 0));
  }

  private static List<List<RexNode>> product(
      List<List<RexNode>> prefixes, List<RexNode> alternatives) {
    List<List<RexNode>> all = new ArrayList<>();
    for (List<RexNode> prefix : prefixes) {
      for (RexNode alternative : alternatives) {
        List<RexNode> longer = new ArrayList<>(prefix);
        longer.add(alternative);
        all.add(longer);
      }
    }
    return all;
  }

  private void add(RexNode conjunct) {
    if (conjunct.getKind() == SqlKind.OR) {
      addDisjunction(conjunct);
      return;
    }
    comparison(conjunct).ifPresent(c -> addComparison(c, conjunct));
  }

  private void addComparison(Comparison comparison, RexNode conjunct) {
    KeyRange.Bound inclusive = new KeyRange.Bound(comparison.value, true);
    KeyRange.Bound exclusive = new KeyRange.Bound(comparison.value, false);
    switch (comparison.kind) {
      case EQUALS ->
          // one value is better than a list of them
          equal.merge(
              comparison.column,
              new Equal(List.of(comparison.value), conjunct),
              (old, fresh) -> old.alternatives.size() == 1 ? old : fresh);
      case GREATER_THAN -> lower.putIfAbsent(comparison.column, new Limit(exclusive, conjunct));
      case GREATER_THAN_OR_EQUAL ->
          lower.putIfAbsent(comparison.column, new Limit(inclusive, conjunct));
      case LESS_THAN -> upper.putIfAbsent(comparison.column, new Limit(exclusive, conjunct));
      case LESS_THAN_OR_EQUAL ->
          upper.putIfAbsent(comparison.column, new Limit(inclusive, conjunct));
      default -> throw new IllegalStateException("not a comparison: " + conjunct);
    }
  }

  /** {@code a = 1 OR a = 2} is a list of values; an OR over several columns is kept for later. */
  private void addDisjunction(RexNode disjunction) {
    List<RexNode> values = new ArrayList<>();
    int column = -1;
    for (RexNode branch : RelOptUtil.disjunctions(disjunction)) {
      Optional<Comparison> found = comparison(branch);
      boolean same =
          found.isPresent()
              && found.get().kind == SqlKind.EQUALS
              && (column < 0 || column == found.get().column);
      if (!same) {
        disjunctions.add(disjunction);
        return;
      }
      column = found.get().column;
      values.add(found.get().value);
    }
    equal.putIfAbsent(column, new Equal(values, disjunction));
  }

  /** {@code column kind value}, the value in the column's type. */
  private record Comparison(int column, SqlKind kind, RexNode value) {}

  private Optional<Comparison> comparison(RexNode node) {
    if (!(node instanceof RexCall call) || !isComparison(call.getKind())) {
      return Optional.empty();
    }
    RexNode left = withoutWideningCast(call.getOperands().get(0));
    RexNode right = withoutWideningCast(call.getOperands().get(1));
    if (left instanceof RexInputRef column && isConstant(right)) {
      return comparison(column, call.getKind(), right);
    }
    if (right instanceof RexInputRef column && isConstant(left)) {
      return comparison(column, call.getKind().reverse(), left);
    }
    return Optional.empty();
  }

  private Optional<Comparison> comparison(RexInputRef column, SqlKind kind, RexNode value) {
    return KeyValues.inColumnType(rex, value, table.typeOf(column.getIndex()))
        .map(v -> new Comparison(column.getIndex(), kind, v));
  }

  private static boolean isComparison(SqlKind kind) {
    return switch (kind) {
      case EQUALS, GREATER_THAN, GREATER_THAN_OR_EQUAL, LESS_THAN, LESS_THAN_OR_EQUAL -> true;
      default -> false;
    };
  }

  private static boolean isConstant(RexNode node) {
    return !RexUtil.containsInputRef(node) && RexUtil.isDeterministic(node);
  }

  /** A cast of a column that changes no value is not in the way of its key. */
  private static RexNode withoutWideningCast(RexNode node) {
    if (node.getKind() == SqlKind.CAST
        && ((RexCall) node).getOperands().get(0) instanceof RexInputRef column
        && RexUtil.isLosslessCast(node)) {
      return column;
    }
    return node;
  }
}
