package dev.kittiwake.sql.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;

/** From an access path to the plan node that takes it. */
final class AccessPlans {
  private AccessPlans() {}

  /**
   * The node that reads by {@code path}.
   *
   * @param columns ordinals to yield first, in this order; those that only the filter (or {@code
   *     also}) needs follow
   */
  static PhysicalPlan.Access node(
      RexBuilder rex, AccessPath path, List<Integer> columns, Set<Integer> also, boolean reverse) {
    List<Integer> yielded = yielded(columns, path.filter(), also);
    Optional<RexNode> filter = over(rex, path.filter(), yielded);
    if (path.isPoints()) {
      return path.ranges().size() == 1
          ? new PhysicalPlan.PointGet(
              path.table(), path.index(), yielded, path.points().get(0), filter)
          : new PhysicalPlan.BatchPointGet(
              path.table(), path.index(), yielded, path.points(), filter);
    }
    double rows = AccessPaths.filtered(path.rows(), path.filter().size());
    if (path.index().isEmpty()) {
      return new PhysicalPlan.TableScan(
          path.table(), yielded, path.ranges(), reverse, filter, Optional.empty(), rows);
    }
    boolean covering = AccessPaths.holds(path.table(), path.index().get(), yielded);
    return new PhysicalPlan.IndexScan(
        path.table(),
        path.index().get(),
        yielded,
        covering,
        path.ranges(),
        reverse,
        filter,
        Optional.empty(),
        rows);
  }

  private static List<Integer> yielded(
      List<Integer> columns, List<RexNode> filter, Set<Integer> also) {
    Set<Integer> all = new LinkedHashSet<>(columns);
    if (all.size() != columns.size()) {
      throw new IllegalArgumentException("columns twice: " + columns);
    }
    filter.forEach(f -> RelOptUtil.InputFinder.bits(f).forEach(all::add));
    all.addAll(also);
    return new ArrayList<>(all);
  }

  /** The conjunction of conditions over table ordinals, over rows that hold {@code columns}. */
  static Optional<RexNode> over(RexBuilder rex, List<RexNode> conjuncts, List<Integer> columns) {
    if (conjuncts.isEmpty()) {
      return Optional.empty();
    }
    RexNode all = RexUtil.composeConjunction(rex, conjuncts);
    return all.isAlwaysTrue() ? Optional.empty() : Optional.of(over(all, columns));
  }

  /** {@code expression} over table ordinals, over rows that hold {@code columns}. */
  static RexNode over(RexNode expression, List<Integer> columns) {
    return expression.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef column) {
            return new RexInputRef(columns.indexOf(column.getIndex()), column.getType());
          }
        });
  }
}
