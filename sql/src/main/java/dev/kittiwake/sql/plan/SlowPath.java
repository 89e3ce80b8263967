package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.TableModify;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Plans any query or change of rows through Calcite. Used once. */
final class SlowPath {
  private final CatalogSchemas schemas;
  private final String schema;
  private final RelPlanner planner;

  SlowPath(String sql, CatalogSchemas schemas, String schema, List<SqlType> parameterTypes) {
    this.schemas = schemas;
    this.schema = schema;
    this.planner = new RelPlanner(sql, schemas, schema, parameterTypes);
  }

  Statement plan(SqlNode node, Optional<LockWait> lock) {
    switch (node.getKind()) {
      case INSERT:
        return insert((SqlInsert) node);
      case UPDATE:
      case DELETE:
        return change(node);
      case MERGE:
        throw SqlError.of(SqlStates.NOT_SUPPORTED, "MERGE is not supported yet");
      default:
        return query(node, lock);
    }
  }

  private Statement query(SqlNode node, Optional<LockWait> lock) {
    RelRoot root = planner.toRelations(node);
    boolean several = lock.isPresent() && tablesToLock(root.rel) > 1;
    RelNode best = RelPlanner.optimize(root.project());
    RexBuilder rex = best.getCluster().getRexBuilder();
    PlanBuilder builder =
        lock.isPresent() && !several
            ? PlanBuilder.locking(rex, read -> true, lock.get())
            : PlanBuilder.reading(rex);
    PhysicalPlan plan = builder.exact(best);
    return new Statement.Query(
        several ? new PhysicalPlan.LockReads(plan, lock.get()) : plan,
        resultColumns(),
        planner.parameters(),
        lock.isPresent());
  }

  private List<Statement.ResultColumn> resultColumns() {
    RelDataType type = planner.resultType();
    List<List<String>> origins = planner.origins();
    List<String> labels = planner.labels();
    List<Statement.ResultColumn> columns = new ArrayList<>();
    for (RelDataTypeField field : type.getFieldList()) {
      List<String> origin = origins.get(field.getIndex());
      String label = labels.get(field.getIndex());
      Optional<TableSchema> table =
          origin == null || origin.size() < 3
              ? Optional.empty()
              : schemas
                  .catalog()
                  .table(origin.get(origin.size() - 3), origin.get(origin.size() - 2));
      if (table.isPresent() && table.get().ordinalOf(origin.get(origin.size() - 1)).isPresent()) {
        int ordinal = table.get().ordinalOf(origin.get(origin.size() - 1)).getAsInt();
        Statement.ResultColumn column = Planner.resultColumn(label, table.get(), ordinal);
        columns.add(
            new Statement.ResultColumn(
                column.label(),
                column.schema(),
                column.table(),
                column.column(),
                Types.of(field.getType()),
                field.getType().isNullable(),
                column.autoIncrement()));
      } else {
        columns.add(
            new Statement.ResultColumn(
                label,
                "",
                "",
                label,
                Types.of(field.getType()),
                field.getType().isNullable(),
                false));
      }
    }
    return columns;
  }

  /**
   * How many tables the rows of the query come from.
   *
   * @throws SqlError 0A000 if a result row does not stand for rows of tables
   */
  private static int tablesToLock(RelNode root) {
    int[] tables = {0};
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        if (node instanceof Aggregate || node instanceof SetOp) {
          throw SqlError.of(
              SqlStates.NOT_SUPPORTED,
              "FOR UPDATE is not allowed with DISTINCT, GROUP BY, aggregates or set operations");
        }
        tables[0] += node.getTable() == null ? 0 : 1;
        super.visit(node, ordinal, parent);
      }
    }.go(root);
    return tables[0];
  }

  private Statement insert(SqlInsert node) {
    if (node.getTargetColumnList() == null) {
      target(node).ifPresent(t -> node.setOperand(3, allColumns(t)));
    }
    TableModify modify = (TableModify) planner.toRelations(node).rel;
    TableSchema table = modify.getTable().unwrap(CatalogTable.class).schema();
    RelNode best = RelPlanner.optimize(modify.getInput());
    RexBuilder rex = best.getCluster().getRexBuilder();
    PhysicalPlan source = withoutRowId(rex, PlanBuilder.reading(rex).exact(best), best, table);
    List<Integer> given = new ArrayList<>();
    for (SqlNode column : node.getTargetColumnList()) {
      String name = ((SqlIdentifier) column).names.get(0);
      given.add(table.ordinalOf(name).orElseThrow());
    }
    boolean upsert = node.isUpsert();
    return new Statement.Modify(
        new PhysicalPlan.Insert(table, source, upsert, given), planner.parameters());
  }

  private Optional<TableSchema> target(SqlInsert node) {
    if (!(node.getTargetTable() instanceof SqlIdentifier name)) {
      return Optional.empty();
    }
    int parts = name.names.size();
    String within = parts > 1 ? name.names.get(parts - 2) : schema;
    return schemas.catalog().table(within, name.names.get(parts - 1));
  }

  private static SqlNodeList allColumns(TableSchema table) {
    SqlNodeList names = new SqlNodeList(SqlParserPos.ZERO);
    table.columns().forEach(c -> names.add(new SqlIdentifier(c.name(), SqlParserPos.ZERO)));
    return names;
  }

  /** INSERT sources carry a NULL for the hidden row id, which the write allots itself. */
  private static PhysicalPlan withoutRowId(
      RexBuilder rex, PhysicalPlan source, RelNode rel, TableSchema table) {
    int width = table.columns().size();
    if (source.columnsOut().size() == width) {
      return source;
    }
    if (source instanceof PhysicalPlan.Project project) {
      return new PhysicalPlan.Project(
          project.input(),
          project.expressions().subList(0, width),
          project.columnsOut().subList(0, width));
    }
    List<RexNode> columns =
        IntStream.range(0, width)
            .mapToObj(
                i ->
                    (RexNode) rex.makeInputRef(rel.getRowType().getFieldList().get(i).getType(), i))
            .toList();
    return new PhysicalPlan.Project(source, columns, source.columnsOut().subList(0, width));
  }

  private Statement change(SqlNode node) {
    TableModify modify = (TableModify) planner.toRelations(node).rel;
    TableSchema table = modify.getTable().unwrap(CatalogTable.class).schema();
    // of several reads of the table the one that yields the rows to change reads all columns
    Predicate<TableRead> changed =
        read -> read.schema().id() == table.id() && read.columns().size() == table.rowWidth();
    RelNode best = RelPlanner.optimize(modify.getInput(), changed);
    RexBuilder rex = best.getCluster().getRexBuilder();
    PhysicalPlan source = PlanBuilder.locking(rex, changed, LockWait.DEFAULT).exact(best);
    if (node.getKind() == SqlKind.DELETE) {
      return new Statement.Modify(new PhysicalPlan.Delete(table, source), planner.parameters());
    }
    List<PhysicalPlan.Assignment> assignments = new ArrayList<>();
    List<String> names = modify.getUpdateColumnList();
    for (int i = 0; i < names.size(); i++) {
      int column = table.rowWidth() + i;
      RexNode value =
          rex.makeInputRef(best.getRowType().getFieldList().get(column).getType(), column);
      assignments.add(
          new PhysicalPlan.Assignment(table.ordinalOf(names.get(i)).orElseThrow(), value));
    }
    return new Statement.Modify(
        folded(new PhysicalPlan.Update(table, source, assignments)), planner.parameters());
  }

  /**
   * Computes the new values in the update itself where the source only computes them beside the old
   * row.
   */
  private static PhysicalPlan.Update folded(PhysicalPlan.Update update) {
    if (!(update.source() instanceof PhysicalPlan.Project project)) {
      return update;
    }
    int width = update.table().rowWidth();
    for (int i = 0; i < width; i++) {
      if (!(project.expressions().get(i) instanceof RexInputRef column) || column.getIndex() != i) {
        return update;
      }
    }
    List<PhysicalPlan.Assignment> assignments =
        update.assignments().stream()
            .map(
                a ->
                    new PhysicalPlan.Assignment(
                        a.column(),
                        project.expressions().get(((RexInputRef) a.value()).getIndex())))
            .toList();
    return new PhysicalPlan.Update(update.table(), project.input(), assignments);
  }
}
