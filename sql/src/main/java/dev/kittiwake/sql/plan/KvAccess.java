package dev.kittiwake.sql.plan;

import java.util.List;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;

/** A {@link TableRead} by one access path. */
final class KvAccess extends AbstractRelNode implements KvRel {
  private final TableRead read;
  private final AccessPath path;
  private final boolean reverse;

  KvAccess(TableRead read, AccessPath path, boolean reverse, RelTraitSet traits) {
    super(read.getCluster(), traits);
    this.read = read;
    this.path = path;
    this.reverse = reverse;
    this.rowType = read.getRowType();
  }

  TableRead read() {
    return read;
  }

  AccessPath path() {
    return path;
  }

  boolean reverse() {
    return reverse;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new KvAccess(read, path, reverse, traits);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    return read.estimateRowCount(mq);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return KvRel.cost(planner, path.cost());
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return read.explainTerms(super.explainTerms(writer))
        .item("path", path.index().map(i -> i.name()).orElse("primary"))
        .item("ranges", path.ranges())
        .item("reverse", reverse);
  }
}
