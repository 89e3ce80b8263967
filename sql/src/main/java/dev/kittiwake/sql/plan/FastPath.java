package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.ColumnSchema;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUpdate;

/**
 * Plans what OLTP lives on straight from the syntax tree, without Calcite's validator and planners:
 * reads and changes of one table by key, and INSERT … VALUES. Whatever it does not recognise,
 * faulty statements included, it leaves to Calcite, so a statement means the same on both paths.
 * Used once.
 */
final class FastPath {
  private static final double GUESSED_ROWS = 100_000;

  private final Catalog catalog;
  private final String schema;
  private final List<SqlType> given;
  private final RexBuilder rex = new RexBuilder(Types.factory());

  FastPath(Catalog catalog, String schema, List<SqlType> parameterTypes) {
    this.catalog = catalog;
    this.schema = schema;
    this.given = parameterTypes;
  }

  /** The plan; empty if the statement is for Calcite. */
  Optional<Statement> plan(SqlNode node, Optional<LockWait> lock) {
    try {
      return switch (node.getKind()) {
        case SELECT, ORDER_BY -> Optional.of(new FastSelect(this, node, lock).plan());
        case INSERT -> Optional.of(insert((SqlInsert) node));
        case UPDATE -> Optional.of(update((SqlUpdate) node));
        case DELETE -> Optional.of(delete((SqlDelete) node));
        default -> Optional.empty();
      };
    } catch (FastExpressions.NotFast e) {
      return Optional.empty();
    }
  }

  RexBuilder rex() {
    return rex;
  }

  TableSchema table(SqlNode name) {
    if (!(name instanceof SqlIdentifier identifier) || identifier.names.size() > 2) {
      throw new FastExpressions.NotFast();
    }
    int parts = identifier.names.size();
    return catalog
        .table(parts == 2 ? identifier.names.get(0) : schema, identifier.names.get(parts - 1))
        .orElseThrow(FastExpressions.NotFast::new);
  }

  FastExpressions expressions(TableSchema table, String alias) {
    return new FastExpressions(rex, table, alias, given);
  }

  AccessPaths paths(TableSchema table, List<RexNode> conjuncts) {
    double rows = Math.max(1, catalog.rowCount(table.id()).orElse((long) GUESSED_ROWS));
    Optional<RexNode> condition =
        conjuncts.isEmpty()
            ? Optional.empty()
            : Optional.of(org.apache.calcite.rex.RexUtil.composeConjunction(rex, conjuncts));
    return new AccessPaths(table, rows, rex, condition);
  }

  private Statement insert(SqlInsert node) {
    TableSchema table = table(node.getTargetTable());
    if (!(node.getSource() instanceof SqlBasicCall source) || source.getKind() != SqlKind.VALUES) {
      throw new FastExpressions.NotFast();
    }
    FastExpressions expressions = expressions(table, table.name());
    List<Integer> targets = targets(node.getTargetColumnList(), table, expressions);
    List<List<RexNode>> rows = new ArrayList<>();
    for (SqlNode row : source.getOperandList()) {
      if (row.getKind() != SqlKind.ROW || ((SqlCall) row).operandCount() != targets.size()) {
        throw new FastExpressions.NotFast();
      }
      rows.add(row(((SqlCall) row).getOperandList(), targets, table, expressions));
    }
    List<Integer> ordinals = PhysicalPlan.allOrdinals(table).subList(0, table.columns().size());
    PhysicalPlan values = new PhysicalPlan.Values(PhysicalPlan.columnsOf(table, ordinals), rows);
    return new Statement.Modify(
        new PhysicalPlan.Insert(table, values, node.isUpsert(), targets), expressions.parameters());
  }

  private static List<Integer> targets(
      SqlNodeList names, TableSchema table, FastExpressions expressions) {
    List<Integer> targets = new ArrayList<>();
    if (names == null) {
      for (int i = 0; i < table.columns().size(); i++) {
        targets.add(i);
      }
      return targets;
    }
    for (SqlNode name : names) {
      int ordinal = expressions.ordinal(name);
      if (targets.contains(ordinal)) {
        throw new FastExpressions.NotFast();
      }
      targets.add(ordinal);
    }
    return targets;
  }

  private List<RexNode> row(
      List<SqlNode> values, List<Integer> targets, TableSchema table, FastExpressions expressions) {
    List<RexNode> row = new ArrayList<>();
    for (int ordinal = 0; ordinal < table.columns().size(); ordinal++) {
      int at = targets.indexOf(ordinal);
      boolean byDefault = at < 0 || values.get(at).getKind() == SqlKind.DEFAULT;
      row.add(
          byDefault ? defaultOf(table, ordinal) : expressions.inserted(values.get(at), ordinal));
    }
    return row;
  }

  private RexNode defaultOf(TableSchema table, int ordinal) {
    ColumnSchema column = table.columns().get(ordinal);
    if (column.defaultSql().isPresent()) {
      SqlNode parsed =
          new dev.kittiwake.sql.parser.StatementParser(KittiwakeConformance.INSTANCE)
              .parseExpression(column.defaultSql().get());
      return expressions(table, table.name()).inserted(parsed, ordinal);
    }
    if (!column.nullable() && !column.autoIncrement()) {
      throw SqlError.of(SqlStates.NOT_NULL, ValidationErrors.missingValue(column.name()));
    }
    return rex.makeNullLiteral(Types.toRel(rex.getTypeFactory(), column.type(), true));
  }

  private Statement update(SqlUpdate node) {
    TableSchema table = table(node.getTargetTable());
    FastExpressions expressions = expressions(table, alias(node.getAlias(), table));
    List<PhysicalPlan.Assignment> assignments = new ArrayList<>();
    for (int i = 0; i < node.getTargetColumnList().size(); i++) {
      int ordinal = expressions.ordinal(node.getTargetColumnList().get(i));
      assignments.add(
          new PhysicalPlan.Assignment(
              ordinal, expressions.assigned(node.getSourceExpressionList().get(i), ordinal)));
    }
    if (assignments.stream().mapToInt(PhysicalPlan.Assignment::column).distinct().count()
        != assignments.size()) {
      throw new FastExpressions.NotFast();
    }
    PhysicalPlan rows = lockedRows(table, expressions.conjuncts(node.getCondition()));
    return new Statement.Modify(
        new PhysicalPlan.Update(table, rows, assignments), expressions.parameters());
  }

  private Statement delete(SqlDelete node) {
    TableSchema table = table(node.getTargetTable());
    FastExpressions expressions = expressions(table, alias(node.getAlias(), table));
    PhysicalPlan rows = lockedRows(table, expressions.conjuncts(node.getCondition()));
    return new Statement.Modify(new PhysicalPlan.Delete(table, rows), expressions.parameters());
  }

  private static String alias(SqlIdentifier alias, TableSchema table) {
    return alias == null ? table.name() : alias.getSimple();
  }

  private PhysicalPlan lockedRows(TableSchema table, List<RexNode> conjuncts) {
    List<Integer> all = PhysicalPlan.allOrdinals(table);
    AccessPath path = cheapest(paths(table, conjuncts).candidates(all));
    return PlanBuilder.locked(
        rex,
        path,
        all,
        conjuncts.isEmpty()
            ? Optional.empty()
            : Optional.of(org.apache.calcite.rex.RexUtil.composeConjunction(rex, conjuncts)),
        false,
        LockWait.DEFAULT);
  }

  static AccessPath cheapest(List<AccessPath> candidates) {
    AccessPath best = candidates.get(0);
    for (AccessPath candidate : candidates) {
      best = candidate.cost() < best.cost() ? candidate : best;
    }
    return best;
  }
}
