package dev.kittiwake.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptRuleOperand;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rel.rules.CoreRules;

/** The rules Volcano chooses with: for each logical node the ways to execute it. */
final class KvRules {
  private KvRules() {}

  /**
   * @param locked reads that no lookup join may serve
   * @param reorderJoins whether all join orders are tried: only for few tables, their number
   *     explodes
   */
  static List<RelOptRule> all(boolean reorderJoins, Predicate<TableRead> locked) {
    List<RelOptRule> rules =
        new ArrayList<>(
            List.of(
                new AccessRule(),
                new LookupJoinRule(locked),
                new FilterRule(),
                new ProjectRule(),
                new SortRule(),
                new JoinRule(),
                new CorrelateRule(),
                new AggregateRule(),
                new UnionRule(),
                new ValuesRule(),
                CoreRules.JOIN_COMMUTE));
    if (reorderJoins) {
      rules.add(CoreRules.JOIN_ASSOCIATE);
    }
    return rules;
  }

  private static RelNode executable(RelNode node) {
    return RelOptRule.convert(node, KvRel.traits(node));
  }

  /** A rule for every node of one class. */
  abstract static class NodeRule<N extends RelNode> extends RelOptRule {
    private final Class<N> nodeClass;

    NodeRule(Class<N> nodeClass) {
      super(RelOptRule.operand(nodeClass, RelOptRule.any()), "Kv" + nodeClass.getSimpleName());
      this.nodeClass = nodeClass;
    }

    NodeRule(Class<N> nodeClass, RelOptRuleOperand operand, String description) {
      super(operand, description);
      this.nodeClass = nodeClass;
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
      apply(nodeClass.cast(call.rel(0)), call);
    }

    abstract void apply(N node, RelOptRuleCall call);
  }

  private static final class FilterRule extends NodeRule<LogicalFilter> {
    FilterRule() {
      super(LogicalFilter.class);
    }

    @Override
    void apply(LogicalFilter filter, RelOptRuleCall call) {
      call.transformTo(
          new KvNodes.KvFilter(
              filter.getCluster(),
              KvRel.traits(filter),
              executable(filter.getInput()),
              filter.getCondition()));
    }
  }

  private static final class ProjectRule extends NodeRule<LogicalProject> {
    ProjectRule() {
      super(LogicalProject.class);
    }

    @Override
    void apply(LogicalProject project, RelOptRuleCall call) {
      call.transformTo(
          new KvNodes.KvProject(
              project.getCluster(),
              KvRel.traits(project),
              executable(project.getInput()),
              project.getProjects(),
              project.getRowType()));
    }
  }

  /** ORDER BY, LIMIT: by sorting, or by asking the input for the order. */
  private static final class SortRule extends NodeRule<LogicalSort> {
    SortRule() {
      super(LogicalSort.class);
    }

    @Override
    void apply(LogicalSort sort, RelOptRuleCall call) {
      boolean hasKeys = !sort.getCollation().getFieldCollations().isEmpty();
      if (hasKeys) {
        call.transformTo(
            new KvNodes.KvSort(
                sort.getCluster(),
                KvRel.traits(sort, sort.getCollation()),
                executable(sort.getInput()),
                sort.getCollation(),
                sort.offset,
                sort.fetch));
      }
      call.transformTo(
          new KvNodes.KvLimit(
              sort.getCluster(),
              KvRel.traits(sort, sort.getCollation()),
              RelOptRule.convert(
                  sort.getInput(), KvRel.traits(sort.getInput(), sort.getCollation())),
              sort.getCollation(),
              sort.offset,
              sort.fetch));
    }
  }

  private static final class JoinRule extends NodeRule<LogicalJoin> {
    JoinRule() {
      super(LogicalJoin.class);
    }

    @Override
    void apply(LogicalJoin join, RelOptRuleCall call) {
      RelNode left = executable(join.getLeft());
      RelNode right = executable(join.getRight());
      if (!join.analyzeCondition().leftKeys.isEmpty()) {
        call.transformTo(
            new KvNodes.KvHashJoin(
                join.getCluster(),
                KvRel.traits(join),
                left,
                right,
                join.getCondition(),
                join.getJoinType()));
      }
      boolean streamsLeft =
          join.getJoinType() != JoinRelType.RIGHT && join.getJoinType() != JoinRelType.FULL;
      if (streamsLeft || join.analyzeCondition().leftKeys.isEmpty()) {
        call.transformTo(
            new KvNodes.KvNestedLoopJoin(
                join.getCluster(),
                KvRel.traits(join),
                left,
                right,
                join.getCondition(),
                join.getJoinType()));
      }
    }
  }

  private static final class CorrelateRule extends NodeRule<LogicalCorrelate> {
    CorrelateRule() {
      super(LogicalCorrelate.class);
    }

    @Override
    void apply(LogicalCorrelate correlate, RelOptRuleCall call) {
      call.transformTo(
          new KvNodes.KvCorrelate(
              correlate.getCluster(),
              KvRel.traits(correlate),
              executable(correlate.getLeft()),
              executable(correlate.getRight()),
              correlate.getCorrelationId(),
              correlate.getRequiredColumns(),
              correlate.getJoinType()));
    }
  }

  private static final class AggregateRule extends NodeRule<LogicalAggregate> {
    AggregateRule() {
      super(LogicalAggregate.class);
    }

    @Override
    void apply(LogicalAggregate aggregate, RelOptRuleCall call) {
      call.transformTo(
          new KvNodes.KvAggregate(
              aggregate.getCluster(),
              KvRel.traits(aggregate),
              executable(aggregate.getInput()),
              aggregate.getGroupSet(),
              aggregate.getGroupSets(),
              aggregate.getAggCallList()));
    }
  }

  private static final class UnionRule extends NodeRule<LogicalUnion> {
    UnionRule() {
      super(LogicalUnion.class);
    }

    @Override
    void apply(LogicalUnion union, RelOptRuleCall call) {
      if (union.all) {
        List<RelNode> inputs = union.getInputs().stream().map(KvRules::executable).toList();
        call.transformTo(new KvNodes.KvUnion(union.getCluster(), KvRel.traits(union), inputs));
      }
    }
  }

  private static final class ValuesRule extends NodeRule<LogicalValues> {
    ValuesRule() {
      super(LogicalValues.class);
    }

    @Override
    void apply(LogicalValues values, RelOptRuleCall call) {
      call.transformTo(
          new KvNodes.KvValues(
              values.getCluster(), values.getRowType(), values.getTuples(), KvRel.traits(values)));
    }
  }
}
