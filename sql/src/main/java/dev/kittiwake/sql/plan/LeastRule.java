package dev.kittiwake.sql.plan;

import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * MIN and MAX of a column by which some key is sorted need the first row only: {@code SELECT
 * MAX(o_id) … WHERE w = ? AND d = ?} becomes the maximum of one row.
 */
final class LeastRule extends KvRules.NodeRule<LogicalAggregate> {
  LeastRule() {
    super(
        LogicalAggregate.class,
        RelOptRule.operand(
            LogicalAggregate.class, RelOptRule.operand(TableRead.class, RelOptRule.none())),
        "Least");
  }

  @Override
  void apply(LogicalAggregate aggregate, RelOptRuleCall call) {
    TableRead read = call.rel(1);
    if (aggregate.getGroupCount() > 0 || aggregate.getAggCallList().size() != 1) {
      return;
    }
    AggregateCall function = aggregate.getAggCallList().get(0);
    SqlKind kind = function.getAggregation().getKind();
    if (kind != SqlKind.MIN && kind != SqlKind.MAX || function.hasFilter()) {
      return;
    }
    int column = function.getArgList().get(0);
    int ordinal = read.columns().get(column);
    boolean sorted =
        read.paths().candidates(read.columns()).stream()
            .anyMatch(p -> !p.order().isEmpty() && p.order().get(0) == ordinal);
    if (!sorted) {
      return;
    }
    TableRead notNull = withoutNulls(read, ordinal);
    LogicalSort first =
        LogicalSort.create(
            notNull,
            RelCollations.of(
                kind == SqlKind.MIN
                    ? new RelFieldCollation(
                        column,
                        RelFieldCollation.Direction.ASCENDING,
                        RelFieldCollation.NullDirection.FIRST)
                    : new RelFieldCollation(
                        column,
                        RelFieldCollation.Direction.DESCENDING,
                        RelFieldCollation.NullDirection.LAST)),
            null,
            aggregate.getCluster().getRexBuilder().makeExactLiteral(java.math.BigDecimal.ONE));
    call.transformTo(aggregate.copy(aggregate.getTraitSet(), List.of(first)));
  }

  private static TableRead withoutNulls(TableRead read, int ordinal) {
    if (!read.schema().nullable(ordinal)) {
      return read;
    }
    RexBuilder rex = read.getCluster().getRexBuilder();
    RexNode value =
        rex.makeInputRef(
            read.relTable().getRowType().getFieldList().get(ordinal).getType(), ordinal);
    RexNode isNotNull = rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, value);
    Optional<RexNode> old = read.condition();
    return read.withCondition(
        old.map(c -> RexUtil.composeConjunction(rex, List.of(c, isNotNull))).orElse(isNotNull));
  }
}
