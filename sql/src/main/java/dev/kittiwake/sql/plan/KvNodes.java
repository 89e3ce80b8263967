package dev.kittiwake.sql.plan;

import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * The executable forms of Calcite's standard nodes, and what they cost: one unit is a row read in
 * key order. All they add to Calcite's is the convention and the cost.
 */
final class KvNodes {
  private static final double ROW_COST = 0.1;
  private static final double HASH_ROW_COST = 0.3;
  private static final double SORT_ROW_COST = 0.2;
  private static final double PAIR_COST = 0.05;
  private static final double REOPEN_COST = 8;

  private KvNodes() {}

  static final class KvFilter extends Filter implements KvRel {
    KvFilter(RelOptCluster cluster, RelTraitSet traits, RelNode input, RexNode condition) {
      super(cluster, traits, input, condition);
    }

    @Override
    public Filter copy(RelTraitSet traits, RelNode input, RexNode condition) {
      return new KvFilter(getCluster(), traits, input, condition);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return KvRel.cost(planner, mq.getRowCount(getInput()) * ROW_COST);
    }
  }

  static final class KvProject extends Project implements KvRel {
    KvProject(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        List<? extends RexNode> projects,
        RelDataType rowType) {
      super(cluster, traits, List.of(), input, projects, rowType, Set.of());
    }

    @Override
    public Project copy(
        RelTraitSet traits, RelNode input, List<RexNode> projects, RelDataType rowType) {
      return new KvProject(getCluster(), traits, input, projects, rowType);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return KvRel.cost(planner, mq.getRowCount(getInput()) * ROW_COST);
    }
  }

  /** Sorts; with offset or fetch a top N. */
  static final class KvSort extends Sort implements KvRel {
    KvSort(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        RelCollation collation,
        RexNode offset,
        RexNode fetch) {
      super(cluster, traits, input, collation, offset, fetch);
    }

    @Override
    public Sort copy(
        RelTraitSet traits, RelNode input, RelCollation collation, RexNode offset, RexNode fetch) {
      return new KvSort(getCluster(), traits, input, collation, offset, fetch);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      double rows = Math.max(mq.getRowCount(getInput()), 2);
      return KvRel.cost(planner, 1 + rows * SORT_ROW_COST * Math.log(rows));
    }
  }

  /**
   * The first rows of an input that is in the right order already; without offset and fetch it only
   * asks for the order.
   */
  static final class KvLimit extends Sort implements KvRel {
    KvLimit(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        RelCollation collation,
        RexNode offset,
        RexNode fetch) {
      super(cluster, traits, input, collation, offset, fetch);
    }

    @Override
    public Sort copy(
        RelTraitSet traits, RelNode input, RelCollation collation, RexNode offset, RexNode fetch) {
      return new KvLimit(getCluster(), traits, input, collation, offset, fetch);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return KvRel.cost(planner, ROW_COST);
    }
  }

  static final class KvHashJoin extends Join implements KvRel {
    KvHashJoin(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode left,
        RelNode right,
        RexNode condition,
        JoinRelType kind) {
      super(cluster, traits, List.of(), left, right, condition, Set.of(), kind);
    }

    @Override
    public Join copy(
        RelTraitSet traits,
        RexNode condition,
        RelNode left,
        RelNode right,
        JoinRelType kind,
        boolean semiJoinDone) {
      return new KvHashJoin(getCluster(), traits, left, right, condition, kind);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      double built = mq.getRowCount(right);
      return KvRel.cost(
          planner, 2 + built * HASH_ROW_COST * 2 + mq.getRowCount(left) * HASH_ROW_COST);
    }
  }

  static final class KvNestedLoopJoin extends Join implements KvRel {
    KvNestedLoopJoin(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode left,
        RelNode right,
        RexNode condition,
        JoinRelType kind) {
      super(cluster, traits, List.of(), left, right, condition, Set.of(), kind);
    }

    @Override
    public Join copy(
        RelTraitSet traits,
        RexNode condition,
        RelNode left,
        RelNode right,
        JoinRelType kind,
        boolean semiJoinDone) {
      return new KvNestedLoopJoin(getCluster(), traits, left, right, condition, kind);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      double pairs = mq.getRowCount(left) * mq.getRowCount(right);
      return KvRel.cost(planner, 1 + pairs * PAIR_COST + mq.getRowCount(right) * HASH_ROW_COST);
    }
  }

  static final class KvCorrelate extends Correlate implements KvRel {
    KvCorrelate(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode left,
        RelNode right,
        CorrelationId id,
        ImmutableBitSet required,
        JoinRelType kind) {
      super(cluster, traits, List.of(), left, right, id, required, kind);
    }

    @Override
    public Correlate copy(
        RelTraitSet traits,
        RelNode left,
        RelNode right,
        CorrelationId id,
        ImmutableBitSet required,
        JoinRelType kind) {
      return new KvCorrelate(getCluster(), traits, left, right, id, required, kind);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      double outer = mq.getRowCount(left);
      return KvRel.cost(planner, outer * (REOPEN_COST + mq.getRowCount(right)));
    }
  }

  static final class KvAggregate extends Aggregate implements KvRel {
    KvAggregate(
        RelOptCluster cluster,
        RelTraitSet traits,
        RelNode input,
        ImmutableBitSet groups,
        List<ImmutableBitSet> groupSets,
        List<AggregateCall> calls) {
      super(cluster, traits, List.of(), input, groups, groupSets, calls);
    }

    @Override
    public Aggregate copy(
        RelTraitSet traits,
        RelNode input,
        ImmutableBitSet groups,
        List<ImmutableBitSet> groupSets,
        List<AggregateCall> calls) {
      return new KvAggregate(getCluster(), traits, input, groups, groupSets, calls);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return KvRel.cost(planner, 1 + mq.getRowCount(getInput()) * HASH_ROW_COST);
    }
  }

  static final class KvUnion extends Union implements KvRel {
    KvUnion(RelOptCluster cluster, RelTraitSet traits, List<RelNode> inputs) {
      super(cluster, traits, inputs, true);
    }

    @Override
    public Union copy(RelTraitSet traits, List<RelNode> inputs, boolean all) {
      return new KvUnion(getCluster(), traits, inputs);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return KvRel.cost(planner, 1);
    }
  }

  static final class KvValues extends Values implements KvRel {
    KvValues(
        RelOptCluster cluster,
        RelDataType rowType,
        com.google.common.collect.ImmutableList<com.google.common.collect.ImmutableList<RexLiteral>>
            tuples,
        RelTraitSet traits) {
      super(cluster, rowType, tuples, traits);
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new KvValues(getCluster(), getRowType(), getTuples(), traits);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
      return KvRel.cost(planner, tuples.size() * ROW_COST);
    }
  }
}
