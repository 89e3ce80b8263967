package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.IndexSchema;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/** A join that looks partners up by key; see {@link PhysicalPlan.LookupJoin}. */
final class KvLookupJoin extends SingleRel implements KvRel {
  /**
   * How the right side is found.
   *
   * @param key over the left row
   * @param filter conjuncts of the read's condition that the key does not guarantee, over table
   *     ordinals
   * @param condition conjuncts of the join's condition that the key does not guarantee, over the
   *     joined row
   * @param rowsPerKey estimated partners of a left row
   */
  record Lookup(
      TableRead right,
      Optional<IndexSchema> index,
      boolean covering,
      List<RexNode> key,
      boolean unique,
      List<RexNode> filter,
      List<RexNode> condition,
      double rowsPerKey) {}

  private static final double BATCHED_SEEK_COST = 2;

  private final Lookup lookup;
  private final JoinRelType kind;

  KvLookupJoin(
      RelNode left, Lookup lookup, JoinRelType kind, RelDataType rowType, RelTraitSet traits) {
    super(left.getCluster(), traits, left);
    this.lookup = lookup;
    this.kind = kind;
    this.rowType = rowType;
  }

  Lookup lookup() {
    return lookup;
  }

  JoinRelType kind() {
    return kind;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new KvLookupJoin(inputs.get(0), lookup, kind, rowType, traits);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    return Math.max(1, mq.getRowCount(input) * lookup.rowsPerKey());
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    double perKey = BATCHED_SEEK_COST + lookup.rowsPerKey() * (lookup.covering() ? 1 : 5);
    return KvRel.cost(planner, 5 + mq.getRowCount(input) * perKey);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer)
        .item("kind", kind)
        .item("right", lookup.right().explain())
        .item("index", lookup.index().map(IndexSchema::name).orElse("primary"))
        .item("key", lookup.key())
        .item("condition", lookup.condition());
  }
}
