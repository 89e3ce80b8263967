package dev.kittiwake.sql.plan;

import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;

/** A Calcite node that has a counterpart among our plan nodes: what Volcano looks for. */
interface KvRel extends RelNode {
  /** Nodes that we can execute. */
  Convention CONVENTION = new Convention.Impl("KV", KvRel.class);

  /** These traits, executable by us, in no order. */
  static RelTraitSet traits(RelNode node) {
    return node.getCluster().traitSetOf(CONVENTION);
  }

  /** As {@link #traits}, sorted by {@code collation}. */
  static RelTraitSet traits(RelNode node, RelCollation collation) {
    return traits(node).replace(collation);
  }

  /** A cost; Volcano compares the first figure only. */
  static RelOptCost cost(RelOptPlanner planner, double units) {
    return planner.getCostFactory().makeCost(units, 0, 0);
  }
}
