package dev.kittiwake.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.tools.RelBuilder;

/**
 * Puts the constants that subqueries with NOT IN ask each group for (LITERAL_AGG) above the
 * aggregate, where they are plain literals.
 */
final class LiteralAggregates extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(LogicalAggregate aggregate) {
    RelNode input = aggregate.getInput().accept(this);
    List<AggregateCall> calls = aggregate.getAggCallList();
    List<AggregateCall> kept = calls.stream().filter(call -> !isLiteral(call)).toList();
    if (kept.size() == calls.size()) {
      return input == aggregate.getInput()
          ? aggregate
          : aggregate.copy(aggregate.getTraitSet(), List.of(input));
    }
    RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(aggregate.getCluster(), null);
    RelNode below =
        aggregate.copy(
            aggregate.getTraitSet(),
            input,
            aggregate.getGroupSet(),
            aggregate.getGroupSets(),
            kept);
    builder.push(below);
    RexBuilder rex = aggregate.getCluster().getRexBuilder();
    int groups = aggregate.getGroupCount();
    List<RexNode> columns = new ArrayList<>(builder.fields().subList(0, groups));
    int next = groups;
    for (int i = 0; i < calls.size(); i++) {
      columns.add(
          isLiteral(calls.get(i))
              ? rex.ensureType(calls.get(i).getType(), calls.get(i).rexList.get(0), true)
              : builder.field(next++));
    }
    return builder.project(columns, aggregate.getRowType().getFieldNames(), true).build();
  }

  private static boolean isLiteral(AggregateCall call) {
    return call.getAggregation().getKind() == SqlKind.LITERAL_AGG;
  }
}
