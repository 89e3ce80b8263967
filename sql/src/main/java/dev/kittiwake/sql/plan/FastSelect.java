package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;

/** The fast path of SELECT: columns of one table by key, sorted and limited, possibly locked. */
final class FastSelect {
  private final FastPath fast;
  private final Optional<LockWait> lock;
  private final SqlSelect select;
  private final SqlNodeList orderBy;
  private final SqlNode offset; // null: none
  private final SqlNode fetch; // null: none
  private final TableSchema table;
  private final FastExpressions expressions;
  private final List<Integer> selected = new ArrayList<>();
  private final List<String> labels = new ArrayList<>();
  private boolean aliased;

  FastSelect(FastPath fast, SqlNode node, Optional<LockWait> lock) {
    this.fast = fast;
    this.lock = lock;
    if (node instanceof SqlOrderBy sorted) {
      select = asSelect(sorted.query);
      orderBy = sorted.orderList;
      offset = sorted.offset;
      fetch = sorted.fetch;
    } else {
      select = asSelect(node);
      orderBy = SqlNodeList.EMPTY;
      offset = null;
      fetch = null;
    }
    requirePlain(select);
    SqlNode from = select.getFrom();
    String alias = null;
    if (from instanceof SqlBasicCall call
        && call.getKind() == SqlKind.AS
        && call.operandCount() == 2) {
      alias = ((SqlIdentifier) call.operand(1)).getSimple();
      from = call.operand(0);
    }
    table = fast.table(from);
    expressions = fast.expressions(table, alias == null ? table.name() : alias);
  }

  private static SqlSelect asSelect(SqlNode node) {
    if (node instanceof SqlSelect select) {
      return select;
    }
    throw new FastExpressions.NotFast();
  }

  private static void requirePlain(SqlSelect select) {
    boolean plain =
        select.getFrom() != null
            && !select.isDistinct()
            && select.getGroup() == null
            && select.getHaving() == null
            && select.getQualify() == null
            && select.getWindowList().isEmpty()
            && select.getOrderList() == null
            && select.getFetch() == null
            && select.getOffset() == null
            && !select.hasHints();
    if (!plain) {
      throw new FastExpressions.NotFast();
    }
  }

  Statement plan() {
    for (SqlNode item : select.getSelectList()) {
      addItem(item);
    }
    List<RexNode> conjuncts = expressions.conjuncts(select.getWhere());
    AccessPaths paths = fast.paths(table, conjuncts);
    List<SortKey> order = order(paths); // columns are ordinals here
    Set<Integer> needed = new LinkedHashSet<>(selected);
    order.forEach(k -> needed.add(k.column()));
    Choice choice = choose(paths.candidates(needed), order);
    PhysicalPlan plan = access(choice, new ArrayList<>(needed), conjuncts);
    plan = sortedAndLimited(plan, choice.sorted ? List.of() : order);
    List<Statement.ResultColumn> columns = new ArrayList<>();
    for (int i = 0; i < selected.size(); i++) {
      columns.add(Planner.resultColumn(labels.get(i), table, selected.get(i)));
    }
    return new Statement.Query(
        projected(plan), columns, expressions.parameters(), lock.isPresent());
  }

  private void addItem(SqlNode item) {
    if (item instanceof SqlIdentifier name && name.isStar() && name.names.size() == 1) {
      for (int i = 0; i < table.columns().size(); i++) {
        selected.add(i);
        labels.add(table.nameOf(i));
      }
      return;
    }
    SqlNode expression = item;
    String label = null;
    if (item.getKind() == SqlKind.AS) {
      aliased = true;
      expression = ((SqlBasicCall) item).operand(0);
      label = ((SqlIdentifier) ((SqlBasicCall) item).operand(1)).getSimple();
    }
    int ordinal = expressions.ordinal(expression);
    selected.add(ordinal);
    labels.add(label == null ? lastName(expression) : label);
  }

  private static String lastName(SqlNode name) {
    List<String> names = ((SqlIdentifier) name).names;
    return names.get(names.size() - 1);
  }

  /** The ORDER BY columns by ordinal, without those that have one value only. */
  private List<SortKey> order(AccessPaths paths) {
    List<SortKey> keys = new ArrayList<>();
    for (SqlNode item : orderBy) {
      if (aliased) {
        throw new FastExpressions.NotFast(); // an alias may hide a column
      }
      boolean descending = item.getKind() == SqlKind.DESCENDING;
      SqlNode column = descending ? ((SqlBasicCall) item).operand(0) : item;
      int ordinal = expressions.ordinal(column);
      if (!paths.isFixed(ordinal)) {
        keys.add(new SortKey(ordinal, descending, !descending));
      }
    }
    return keys;
  }

  private record Choice(AccessPath path, boolean sorted, boolean reverse) {}

  private static Choice choose(List<AccessPath> candidates, List<SortKey> order) {
    Choice best = null;
    double bestCost = Double.MAX_VALUE;
    for (AccessPath path : candidates) {
      boolean forwards = follows(path, order, false);
      boolean backwards = !forwards && follows(path, order, true);
      boolean single = path.isPoints() && path.ranges().size() == 1;
      double sortCost = 1 + path.rows() * 0.2 * Math.log(Math.max(2, path.rows()));
      double cost = path.cost() + (forwards || backwards || single ? 0 : sortCost);
      if (cost < bestCost) {
        best = new Choice(path, forwards || backwards || single, backwards);
        bestCost = cost;
      }
    }
    return best;
  }

  private static boolean follows(AccessPath path, List<SortKey> order, boolean reverse) {
    if (order.size() > path.order().size() && !order.isEmpty()) {
      return false;
    }
    for (int i = 0; i < order.size(); i++) {
      boolean same = order.get(i).column() == path.order().get(i);
      if (!same || order.get(i).descending() != reverse) {
        return false;
      }
    }
    return !(order.isEmpty() && reverse);
  }

  private PhysicalPlan access(Choice choice, List<Integer> columns, List<RexNode> conjuncts) {
    RexBuilder rex = fast.rex();
    if (lock.isEmpty()) {
      return AccessPlans.node(rex, choice.path, columns, Set.of(), choice.reverse);
    }
    Optional<RexNode> condition =
        conjuncts.isEmpty()
            ? Optional.empty()
            : Optional.of(RexUtil.composeConjunction(rex, conjuncts));
    return PlanBuilder.locked(rex, choice.path, columns, condition, choice.reverse, lock.get());
  }

  private PhysicalPlan sortedAndLimited(PhysicalPlan plan, List<SortKey> order) {
    Optional<RexNode> skip = number(offset);
    Optional<RexNode> count = number(fetch);
    double rows = plan.estimatedRows();
    if (!order.isEmpty()) {
      List<Integer> columns = access(plan).columns();
      List<SortKey> keys =
          order.stream()
              .map(k -> new SortKey(columns.indexOf(k.column()), k.descending(), k.nullsFirst()))
              .toList();
      return new PhysicalPlan.Sort(plan, keys, skip, count, PlanBuilder.limited(rows, count));
    }
    return PlanBuilder.reading(fast.rex())
        .limit(plan, skip, count, PlanBuilder.limited(rows, count));
  }

  private Optional<RexNode> number(SqlNode node) {
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof SqlDynamicParam parameter) {
      return Optional.of(expressions.parameter(parameter, SqlType.BIGINT));
    }
    if (node instanceof SqlNumericLiteral literal && literal.isInteger()) {
      return Optional.of(fast.rex().makeExactLiteral(literal.bigDecimalValue()));
    }
    throw new FastExpressions.NotFast();
  }

  private static PhysicalPlan.Access access(PhysicalPlan plan) {
    return plan instanceof PhysicalPlan.Access access ? access : access(plan.inputs().get(0));
  }

  private PhysicalPlan projected(PhysicalPlan plan) {
    List<Integer> yielded = access(plan).columns();
    if (yielded.equals(selected)) {
      return plan;
    }
    List<RexNode> columns = new ArrayList<>();
    List<PlanColumn> out = new ArrayList<>();
    for (int i = 0; i < selected.size(); i++) {
      int ordinal = selected.get(i);
      columns.add(AccessPlans.over(expressions.column(ordinal), yielded));
      out.add(new PlanColumn(labels.get(i), table.typeOf(ordinal), table.nullable(ordinal)));
    }
    return new PhysicalPlan.Project(plan, columns, out);
  }
}
