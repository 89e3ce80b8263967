package dev.kittiwake.sql.exec;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.expr.ArrayRow;
import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.ExpressionCompiler;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.plan.AggregateFunction;
import dev.kittiwake.sql.plan.JoinKey;
import dev.kittiwake.sql.plan.KeyRange;
import dev.kittiwake.sql.plan.LockWait;
import dev.kittiwake.sql.plan.PhysicalPlan;
import dev.kittiwake.sql.plan.PhysicalPlan.Access;
import dev.kittiwake.sql.plan.PlanVisitor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;

/** Makes the opener of each plan node: expressions compiled, layouts and key prefixes made. */
final class PlanCompiler implements PlanVisitor<Opener> {
  /** Opens an access path on a reader of the caller's choice. */
  interface AccessOpener {
    AccessOperator open(Execution execution, KvReader reader, long demand);
  }

  static Opener compile(PhysicalPlan plan) {
    return plan.accept(new PlanCompiler());
  }

  private static Expression optional(Optional<RexNode> node) {
    return node.map(ExpressionCompiler::compile).orElse(null);
  }

  private static Opener opener(AccessOpener access) {
    return (execution, demand) -> access.open(execution, execution.reader(), demand);
  }

  private static TableAccess access(Access node, List<KeyRange> ranges) {
    return new TableAccess(node.table(), node.index(), node.columns(), ranges);
  }

  @Override
  public Opener pointGet(PhysicalPlan.PointGet node) {
    return opener(pointGetAccess(node));
  }

  private static AccessOpener pointGetAccess(PhysicalPlan.PointGet node) {
    TableAccess access = access(node, List.of());
    List<Expression> key = ExpressionCompiler.compileAll(node.key());
    Expression filter = optional(node.filter());
    return (x, reader, demand) -> new PointGetOperator(access, key, filter, x, reader);
  }

  private static List<List<Expression>> keys(PhysicalPlan.BatchPointGet node) {
    List<List<Expression>> keys = new ArrayList<>();
    node.keys().forEach(key -> keys.add(ExpressionCompiler.compileAll(key)));
    return keys;
  }

  @Override
  public Opener batchPointGet(PhysicalPlan.BatchPointGet node) {
    return opener(batchPointGetAccess(node));
  }

  private static AccessOpener batchPointGetAccess(PhysicalPlan.BatchPointGet node) {
    TableAccess access = access(node, List.of());
    List<List<Expression>> keys = keys(node);
    Expression filter = optional(node.filter());
    return (x, reader, demand) -> new BatchPointGetOperator(access, keys, filter, x, reader);
  }

  @Override
  public Opener tableScan(PhysicalPlan.TableScan node) {
    return opener(scanAccess(node, node.ranges(), node.reverse(), node.limit()));
  }

  @Override
  public Opener indexScan(PhysicalPlan.IndexScan node) {
    return opener(scanAccess(node, node.ranges(), node.reverse(), node.limit()));
  }

  private static AccessOpener scanAccess(
      Access node, List<KeyRange> ranges, boolean reverse, Optional<RexNode> limit) {
    TableAccess access = access(node, ranges);
    Expression filter = optional(node.filter());
    Expression hint = optional(limit);
    return (x, reader, demand) ->
        new ScanOperator(
            access, reverse, filter, Math.min(demand, Rows.count(hint, x, Opener.ALL)), x, reader);
  }

  private static AccessOpener accessOpener(Access node) {
    if (node instanceof PhysicalPlan.PointGet get) {
      return pointGetAccess(get);
    }
    if (node instanceof PhysicalPlan.BatchPointGet get) {
      return batchPointGetAccess(get);
    }
    if (node instanceof PhysicalPlan.TableScan scan) {
      return scanAccess(scan, scan.ranges(), scan.reverse(), scan.limit());
    }
    PhysicalPlan.IndexScan scan = (PhysicalPlan.IndexScan) node;
    return scanAccess(scan, scan.ranges(), scan.reverse(), scan.limit());
  }

  @Override
  public Opener lockRows(PhysicalPlan.LockRows node) {
    AccessOpener unlocked = accessOpener(node.input());
    LockedAccess locked = LockedAccess.of(node, unlocked);
    return (x, demand) ->
        x.settings().locking() ? locked.open(x, demand) : unlocked.open(x, x.reader(), demand);
  }

  @Override
  public Opener lockReads(PhysicalPlan.LockReads node) {
    Opener input = node.input().accept(this);
    boolean noWait = node.lockWait() == LockWait.NOWAIT;
    return (x, demand) ->
        x.settings().locking()
            ? new LockReadsOperator(
                input, demand, noWait ? x.lockValues().withNoWait() : x.lockValues(), x)
            : input.open(x, demand);
  }

  @Override
  public Opener values(PhysicalPlan.Values node) {
    List<Expression[]> rows = new ArrayList<>();
    for (List<RexNode> row : node.rows()) {
      rows.add(ExpressionCompiler.compileAll(row).toArray(new Expression[0]));
    }
    return (x, demand) -> new Rows.Constants(rows, x);
  }

  @Override
  public Opener filter(PhysicalPlan.Filter node) {
    Opener input = node.input().accept(this);
    Expression condition = ExpressionCompiler.compile(node.condition());
    return (x, demand) -> new Rows.Filter(input.open(x, demand), condition, x);
  }

  @Override
  public Opener project(PhysicalPlan.Project node) {
    Opener input = node.input().accept(this);
    Expression[] expressions =
        ExpressionCompiler.compileAll(node.expressions()).toArray(new Expression[0]);
    return (x, demand) -> new Rows.Project(input.open(x, demand), expressions, x);
  }

  @Override
  public Opener limit(PhysicalPlan.Limit node) {
    Opener input = node.input().accept(this);
    Expression offset = optional(node.offset());
    Expression fetch = optional(node.fetch());
    return (x, demand) -> {
      long skip = Rows.count(offset, x, 0);
      long wanted = Math.min(demand, Rows.count(fetch, x, Opener.ALL));
      long needed = wanted > Opener.ALL - skip ? Opener.ALL : wanted + skip;
      return new Rows.Limit(input.open(x, needed), skip, wanted);
    };
  }

  @Override
  public Opener sort(PhysicalPlan.Sort node) {
    Opener input = node.input().accept(this);
    Comparator<Row> order = SortOperator.order(node.keys());
    Expression offset = optional(node.offset());
    Expression fetch = optional(node.fetch());
    return (x, demand) ->
        new SortOperator(
            input.open(x, Opener.ALL),
            order,
            Rows.count(offset, x, 0),
            Rows.count(fetch, x, Opener.ALL),
            x);
  }

  private static int width(PhysicalPlan node) {
    return node.columnsOut().size();
  }

  @Override
  public Opener nestedLoopJoin(PhysicalPlan.NestedLoopJoin node) {
    Opener left = node.left().accept(this);
    Opener right = node.right().accept(this);
    Expression condition = optional(node.condition());
    int leftWidth = width(node.left());
    int rightWidth = width(node.right());
    return (x, demand) ->
        new Joins.NestedLoop(
            left.open(x, Opener.ALL),
            right.open(x, Opener.ALL),
            node.kind(),
            condition,
            leftWidth,
            rightWidth,
            x);
  }

  @Override
  public Opener hashJoin(PhysicalPlan.HashJoin node) {
    Opener left = node.left().accept(this);
    Opener right = node.right().accept(this);
    Expression condition = optional(node.condition());
    Joins.HashColumns columns = hashColumns(node.keys());
    int leftWidth = width(node.left());
    int rightWidth = width(node.right());
    return (x, demand) ->
        new Joins.Hash(
            left.open(x, Opener.ALL),
            right.open(x, Opener.ALL),
            node.kind(),
            columns,
            condition,
            leftWidth,
            rightWidth,
            x);
  }

  private static Joins.HashColumns hashColumns(List<JoinKey> keys) {
    int[] left = new int[keys.size()];
    int[] right = new int[keys.size()];
    boolean[] nullsMatch = new boolean[keys.size()];
    for (int i = 0; i < left.length; i++) {
      left[i] = keys.get(i).left();
      right[i] = keys.get(i).right();
      nullsMatch[i] = keys.get(i).nullsMatch();
    }
    return new Joins.HashColumns(left, right, nullsMatch);
  }

  @Override
  public Opener lookupJoin(PhysicalPlan.LookupJoin node) {
    Opener left = node.left().accept(this);
    LookupJoinOperator.Shape shape =
        new LookupJoinOperator.Shape(
            new TableAccess(node.table(), node.index(), node.columns(), List.of()),
            ExpressionCompiler.compileAll(node.key()),
            node.unique(),
            optional(node.filter()));
    Expression condition = optional(node.condition());
    int leftWidth = width(node.left());
    return (x, demand) ->
        new LookupJoinOperator(
            left.open(x, Opener.ALL), shape, node.kind(), condition, leftWidth, demand, x);
  }

  @Override
  public Opener correlate(PhysicalPlan.Correlate node) {
    Opener left = node.left().accept(this);
    Opener right = node.right().accept(this);
    int leftWidth = width(node.left());
    int rightWidth = width(node.right());
    return (x, demand) ->
        new Joins.Correlate(
            left.open(x, Opener.ALL),
            right,
            node.kind(),
            node.correlationId(),
            leftWidth,
            rightWidth,
            x);
  }

  @Override
  public Opener hashAggregate(PhysicalPlan.HashAggregate node) {
    Opener input = node.input().accept(this);
    int[] columns = Layouts.ordinals(node.groupColumns());
    List<AggregateFunction> functions = node.aggregates();
    return (x, demand) -> new Aggregates.Hash(input.open(x, Opener.ALL), columns, functions, x);
  }

  @Override
  public Opener streamAggregate(PhysicalPlan.StreamAggregate node) {
    Opener input = node.input().accept(this);
    int[] columns = Layouts.ordinals(node.groupColumns());
    List<AggregateFunction> functions = node.aggregates();
    return (x, demand) -> new Aggregates.Stream(input.open(x, Opener.ALL), columns, functions, x);
  }

  @Override
  public Opener union(PhysicalPlan.Union node) {
    List<Opener> inputs = new ArrayList<>();
    node.inputs().forEach(input -> inputs.add(input.accept(this)));
    return (x, demand) -> new Rows.Union(inputs, x, demand);
  }

  @Override
  public Opener insert(PhysicalPlan.Insert node) {
    throw nested();
  }

  @Override
  public Opener update(PhysicalPlan.Update node) {
    throw nested();
  }

  @Override
  public Opener delete(PhysicalPlan.Delete node) {
    throw nested();
  }

  private static SqlError nested() {
    return SqlError.of(SqlStates.NOT_SUPPORTED, "a modification cannot be part of a query");
  }

  /** A locking read of one table. */
  record LockedAccess(
      TableAccess access,
      AccessOpener unlocked,
      Access node,
      List<List<Expression>> pointKeys,
      Expression condition,
      boolean noWait) {
    static LockedAccess of(PhysicalPlan.LockRows node, AccessOpener unlocked) {
      List<List<Expression>> keys = List.of();
      if (node.input() instanceof PhysicalPlan.PointGet get) {
        keys = List.of(ExpressionCompiler.compileAll(get.key()));
      } else if (node.input() instanceof PhysicalPlan.BatchPointGet get) {
        keys = keys(get);
      }
      return new LockedAccess(
          PlanCompiler.access(node.input(), List.of()),
          unlocked,
          node.input(),
          keys,
          optional(node.condition()),
          node.lockWait() == LockWait.NOWAIT);
    }

    Operator open(Execution x, long demand) {
      var options = noWait ? x.lockValues().withNoWait() : x.lockValues();
      LockRowsOperator.Candidates candidates;
      if (pointKeys.isEmpty()) {
        candidates = new LockRowsOperator.Scanned(unlocked.open(x, x.currentReader(), demand));
        // A row that was found and then deleted is no row: who kept its lock would only make those
        // wait that queue for it, each in turn, for nothing.
        options = options.withOnlyIfExists(true);
      } else {
        List<Key> keys =
            pointKeys.size() == 1
                ? onePoint(x)
                : new ArrayList<>(BatchPointGetOperator.pointKeys(access, pointKeys, x));
        if (access.index != null && !keys.isEmpty()) {
          keys = throughIndex(keys, x, options);
        }
        candidates = new LockRowsOperator.Known(keys);
      }
      return new LockRowsOperator(access, candidates, condition, options, x, demand);
    }

    private List<Key> onePoint(Execution x) {
      byte[] key = access.pointKey(pointKeys.get(0), ArrayRow.EMPTY, x);
      return key == null ? List.of() : List.of(Key.wrap(key));
    }

    /** Locks the entries of a unique index, so that they stay, and tells the rows behind them. */
    private List<Key> throughIndex(
        List<Key> entries, Execution x, dev.kittiwake.client.txn.LockOptions options) {
      x.transaction().lock(entries, options);
      List<Key> rows = new ArrayList<>();
      for (Key entry : entries) {
        byte[] value = x.transaction().get(entry.unsafeBytes());
        if (value != null) {
          rows.add(Key.wrap(access.rowKeyOf(entry.unsafeBytes(), value)));
        }
      }
      return rows;
    }
  }
}
