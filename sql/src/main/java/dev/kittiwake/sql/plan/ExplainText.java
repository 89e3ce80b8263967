package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexNode;

/**
 * A plan as indented lines, root first: what is read by which key, what is filtered, how many rows
 * are expected.
 */
final class ExplainText implements PlanVisitor<String> {
  private ExplainText() {}

  static List<String> of(PhysicalPlan plan) {
    List<String> lines = new ArrayList<>();
    add(plan, 0, lines);
    return lines;
  }

  private static void add(PhysicalPlan plan, int depth, List<String> lines) {
    String rows = plan instanceof PhysicalPlan.Modification ? "" : "  rows=" + rows(plan);
    lines.add("  ".repeat(depth) + plan.accept(new ExplainText()) + rows);
    plan.inputs().forEach(input -> add(input, depth + 1, lines));
  }

  private static long rows(PhysicalPlan plan) {
    return Math.max(0, Math.round(plan.estimatedRows()));
  }

  @Override
  public String pointGet(PhysicalPlan.PointGet node) {
    return "PointGet " + by(node) + key(node, node.key()) + filter(node);
  }

  @Override
  public String batchPointGet(PhysicalPlan.BatchPointGet node) {
    String keys =
        node.keys().stream().map(k -> key(node, k).strip()).collect(Collectors.joining(" or "));
    return "BatchPointGet " + by(node) + " " + keys + filter(node);
  }

  @Override
  public String tableScan(PhysicalPlan.TableScan node) {
    return "TableScan "
        + by(node)
        + ranges(node, node.ranges())
        + (node.reverse() ? " reverse" : "")
        + filter(node)
        + limit(node.limit());
  }

  @Override
  public String indexScan(PhysicalPlan.IndexScan node) {
    return (node.covering() ? "IndexScan " : "IndexLookup ")
        + by(node)
        + ranges(node, node.ranges())
        + (node.reverse() ? " reverse" : "")
        + filter(node)
        + limit(node.limit());
  }

  @Override
  public String lockRows(PhysicalPlan.LockRows node) {
    return "LockRows "
        + node.input().table().name()
        + (node.lockWait() == LockWait.NOWAIT ? " nowait" : "");
  }

  @Override
  public String lockReads(PhysicalPlan.LockReads node) {
    return "LockReads" + (node.lockWait() == LockWait.NOWAIT ? " nowait" : "");
  }

  @Override
  public String values(PhysicalPlan.Values node) {
    return "Values "
        + node.rows().stream()
            .map(row -> "(" + ExpressionText.list(row, List.of()) + ")")
            .collect(Collectors.joining(", "));
  }

  @Override
  public String filter(PhysicalPlan.Filter node) {
    return "Filter " + ExpressionText.of(node.condition(), names(node.input()));
  }

  @Override
  public String project(PhysicalPlan.Project node) {
    return "Project " + ExpressionText.list(node.expressions(), names(node.input()));
  }

  @Override
  public String limit(PhysicalPlan.Limit node) {
    return "Limit" + limits(node.offset(), node.fetch());
  }

  @Override
  public String sort(PhysicalPlan.Sort node) {
    List<String> names = names(node.input());
    String keys =
        node.keys().stream()
            .map(k -> names.get(k.column()) + (k.descending() ? " desc" : ""))
            .collect(Collectors.joining(", "));
    String kind = node.offset().isPresent() || node.fetch().isPresent() ? "TopN " : "Sort ";
    return kind + keys + limits(node.offset(), node.fetch());
  }

  @Override
  public String nestedLoopJoin(PhysicalPlan.NestedLoopJoin node) {
    return "NestedLoopJoin "
        + node.kind()
        + on(node.condition(), joined(node.left(), node.right()));
  }

  @Override
  public String hashJoin(PhysicalPlan.HashJoin node) {
    List<String> left = names(node.left());
    List<String> right = names(node.right());
    String keys =
        node.keys().stream()
            .map(k -> left.get(k.left()) + " = " + right.get(k.right()))
            .collect(Collectors.joining(", "));
    return "HashJoin "
        + node.kind()
        + " "
        + keys
        + on(node.condition(), joined(node.left(), node.right()));
  }

  @Override
  public String lookupJoin(PhysicalPlan.LookupJoin node) {
    List<Integer> key = AccessPaths.keyOf(node.table(), node.index());
    List<String> left = names(node.left());
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < node.key().size(); i++) {
      parts.add(
          node.table().nameOf(key.get(i)) + " = " + ExpressionText.of(node.key().get(i), left));
    }
    List<String> right = node.columns().stream().map(node.table()::nameOf).toList();
    List<String> both = new ArrayList<>(left);
    both.addAll(right);
    return "LookupJoin "
        + node.kind()
        + " "
        + by(node.table(), node.index())
        + " ("
        + String.join(", ", parts)
        + ")"
        + (node.covering() && node.index().isPresent() ? " covering" : "")
        + node.filter().map(f -> " filter " + ExpressionText.of(f, right)).orElse("")
        + on(node.condition(), both);
  }

  @Override
  public String correlate(PhysicalPlan.Correlate node) {
    return "Correlate " + node.kind() + " $cor" + node.correlationId();
  }

  @Override
  public String hashAggregate(PhysicalPlan.HashAggregate node) {
    List<String> names = names(node.input());
    String groups = node.groupColumns().stream().map(names::get).collect(Collectors.joining(", "));
    return "HashAggregate "
        + groups
        + (node.aggregates().isEmpty() ? "" : ": " + functions(node.aggregates(), names));
  }

  @Override
  public String streamAggregate(PhysicalPlan.StreamAggregate node) {
    List<String> names = names(node.input());
    String groups = node.groupColumns().stream().map(names::get).collect(Collectors.joining(", "));
    return "StreamAggregate "
        + groups
        + (groups.isEmpty() ? "" : ": ")
        + functions(node.aggregates(), names);
  }

  @Override
  public String union(PhysicalPlan.Union node) {
    return "Union";
  }

  @Override
  public String insert(PhysicalPlan.Insert node) {
    return (node.upsert() ? "Upsert " : "Insert ") + node.table().name();
  }

  @Override
  public String update(PhysicalPlan.Update node) {
    List<String> names = names(node.source());
    return "Update "
        + node.table().name()
        + " set "
        + node.assignments().stream()
            .map(a -> node.table().nameOf(a.column()) + " = " + ExpressionText.of(a.value(), names))
            .collect(Collectors.joining(", "));
  }

  @Override
  public String delete(PhysicalPlan.Delete node) {
    return "Delete " + node.table().name();
  }

  private static String by(PhysicalPlan.Access node) {
    return by(node.table(), node.index());
  }

  private static String by(TableSchema table, Optional<IndexSchema> index) {
    return table.name() + " by " + index.map(IndexSchema::name).orElse("primary key");
  }

  private static String key(PhysicalPlan.Access node, List<RexNode> values) {
    List<Integer> key = AccessPaths.keyOf(node.table(), node.index());
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      parts.add(
          node.table().nameOf(key.get(i)) + " = " + ExpressionText.of(values.get(i), List.of()));
    }
    return " (" + String.join(", ", parts) + ")";
  }

  private static String ranges(PhysicalPlan.Access node, List<KeyRange> ranges) {
    if (ranges.stream().anyMatch(KeyRange::isAll)) {
      return " everything";
    }
    List<Integer> key = AccessPaths.keyOf(node.table(), node.index());
    return ranges.stream()
        .map(r -> range(node.table(), key, r))
        .collect(Collectors.joining(" or", "", ""));
  }

  private static String range(TableSchema table, List<Integer> key, KeyRange range) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < range.prefix().size(); i++) {
      parts.add(
          table.nameOf(key.get(i)) + " = " + ExpressionText.of(range.prefix().get(i), List.of()));
    }
    int next = range.prefix().size();
    range
        .lower()
        .ifPresent(
            b ->
                parts.add(
                    table.nameOf(key.get(next))
                        + (b.inclusive() ? " >= " : " > ")
                        + ExpressionText.of(b.value(), List.of())));
    range
        .upper()
        .ifPresent(
            b ->
                parts.add(
                    table.nameOf(key.get(next))
                        + (b.inclusive() ? " <= " : " < ")
                        + ExpressionText.of(b.value(), List.of())));
    return " (" + String.join(", ", parts) + ")";
  }

  private static String filter(PhysicalPlan.Access node) {
    return node.filter().map(f -> " filter " + ExpressionText.of(f, names(node))).orElse("");
  }

  private static String limit(Optional<RexNode> limit) {
    return limit.map(l -> " limit " + ExpressionText.of(l, List.of())).orElse("");
  }

  private static String limits(Optional<RexNode> offset, Optional<RexNode> fetch) {
    return fetch.map(f -> " " + ExpressionText.of(f, List.of())).orElse("")
        + offset.map(o -> " offset " + ExpressionText.of(o, List.of())).orElse("");
  }

  private static String on(Optional<RexNode> condition, List<String> names) {
    return condition.map(c -> " on " + ExpressionText.of(c, names)).orElse("");
  }

  private static String functions(List<AggregateFunction> functions, List<String> names) {
    return functions.stream()
        .map(
            f ->
                f.kind()
                    + "("
                    + (f.distinct() ? "distinct " : "")
                    + (f.arguments().isEmpty()
                        ? "*"
                        : f.arguments().stream().map(names::get).collect(Collectors.joining(", ")))
                    + ")"
                    + (f.filter().isPresent() ? " where " + names.get(f.filter().getAsInt()) : ""))
        .collect(Collectors.joining(", "));
  }

  private static List<String> joined(PhysicalPlan left, PhysicalPlan right) {
    List<String> names = new ArrayList<>(names(left));
    names.addAll(names(right));
    return names;
  }

  private static List<String> names(PhysicalPlan plan) {
    return plan.columnsOut().stream().map(PlanColumn::name).toList();
  }
}
