package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.TableSchema;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexNode;

/**
 * Some columns of the rows of a table that satisfy a condition: a scan with the filter and the
 * column choice above it drawn in, from which access paths are chosen. A logical node.
 */
final class TableRead extends AbstractRelNode {
  private final RelOptTable table;
  private final List<Integer> columns; // ordinals, in the order of the yielded row
  private final Optional<RexNode> condition; // over table ordinals

  private TableRead(
      RelOptCluster cluster,
      RelOptTable table,
      List<Integer> columns,
      Optional<RexNode> condition) {
    super(cluster, cluster.traitSetOf(Convention.NONE));
    this.table = table;
    this.columns = List.copyOf(columns);
    this.condition = condition;
    this.rowType = rowType(cluster.getTypeFactory(), table, columns);
  }

  static TableRead all(RelOptCluster cluster, RelOptTable table) {
    CatalogTable catalogTable = table.unwrap(CatalogTable.class);
    return new TableRead(
        cluster, table, PhysicalPlan.allOrdinals(catalogTable.schema()), Optional.empty());
  }

  static RelDataType rowType(RelDataTypeFactory factory, RelOptTable table, List<Integer> columns) {
    RelDataTypeFactory.Builder builder = factory.builder();
    columns.forEach(c -> builder.add(table.getRowType().getFieldList().get(c)));
    return builder.uniquify().build();
  }

  TableRead withColumns(List<Integer> fewer) {
    return new TableRead(getCluster(), table, fewer, condition);
  }

  TableRead withCondition(RexNode stronger) {
    return new TableRead(getCluster(), table, columns, Optional.of(stronger));
  }

  TableSchema schema() {
    return table.unwrap(CatalogTable.class).schema();
  }

  RelOptTable relTable() {
    return table;
  }

  double tableRows() {
    return table.unwrap(CatalogTable.class).rows();
  }

  List<Integer> columns() {
    return columns;
  }

  Optional<RexNode> condition() {
    return condition;
  }

  AccessPaths paths() {
    return new AccessPaths(schema(), tableRows(), getCluster().getRexBuilder(), condition);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return this;
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    return paths().candidates(columns).stream()
        .mapToDouble(p -> AccessPaths.filtered(p.rows(), p.filter().size()))
        .min()
        .orElse(1);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return planner.getCostFactory().makeInfiniteCost();
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer)
        .item("table", table.getQualifiedName())
        .item("columns", columns)
        .item("condition", condition.map(RexNode::toString).orElse(""));
  }
}
