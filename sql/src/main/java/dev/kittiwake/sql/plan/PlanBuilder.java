package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.IndexSchema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * From Volcano's choice to our plan nodes. A plan may be <em>wider</em> than the relation it is
 * made from: columns that a filter below needed may follow the relation's own.
 */
final class PlanBuilder {
  private final RexBuilder rex;
  private final Predicate<TableRead> locks;
  private final LockWait lockWait;

  private PlanBuilder(RexBuilder rex, Predicate<TableRead> locks, LockWait lockWait) {
    this.rex = rex;
    this.locks = locks;
    this.lockWait = lockWait;
  }

  /** Locks nothing. */
  static PlanBuilder reading(RexBuilder rex) {
    return new PlanBuilder(rex, read -> false, LockWait.DEFAULT);
  }

  /** Locks the rows of the reads that {@code locks} picks. */
  static PlanBuilder locking(RexBuilder rex, Predicate<TableRead> locks, LockWait lockWait) {
    return new PlanBuilder(rex, locks, lockWait);
  }

  /** The plan of {@code node}, with exactly its columns. */
  PhysicalPlan exact(RelNode node) {
    PhysicalPlan plan = build(node);
    int width = node.getRowType().getFieldCount();
    if (plan.columnsOut().size() == width) {
      return plan;
    }
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      columns.add(rex.makeInputRef(node.getRowType().getFieldList().get(i).getType(), i));
    }
    return new PhysicalPlan.Project(plan, columns, columnsOf(node.getRowType()));
  }

  /** The plan of {@code node}, possibly wider. */
  PhysicalPlan build(RelNode node) {
    if (node instanceof RelSubset subset) {
      return build(subset.getBestOrOriginal());
    }
    if (node instanceof KvAccess access) {
      return access(access);
    }
    if (node instanceof KvNodes.KvFilter filter) {
      PhysicalPlan input = build(filter.getInput());
      return new PhysicalPlan.Filter(input, plain(filter.getCondition()), rows(filter));
    }
    if (node instanceof KvNodes.KvProject project) {
      List<RexNode> expressions = project.getProjects().stream().map(this::plain).toList();
      return new PhysicalPlan.Project(
          build(project.getInput()), expressions, columnsOf(project.getRowType()));
    }
    if (node instanceof KvNodes.KvSort sort) {
      return new PhysicalPlan.Sort(
          build(sort.getInput()), sortKeys(sort), offset(sort), fetch(sort), rows(sort));
    }
    if (node instanceof KvNodes.KvLimit limit) {
      return limit(
          build(limit.getInput()), offset(limit), fetch(limit), limited(rows(limit), fetch(limit)));
    }
    if (node instanceof KvNodes.KvAggregate aggregate) {
      return aggregate(aggregate);
    }
    if (node instanceof KvNodes.KvUnion union) {
      return new PhysicalPlan.Union(
          union.getInputs().stream().map(this::exact).toList(), columnsOf(union.getRowType()));
    }
    if (node instanceof KvNodes.KvValues values) {
      List<List<RexNode>> rows = new ArrayList<>();
      values.getTuples().forEach(tuple -> rows.add(List.copyOf(tuple)));
      return new PhysicalPlan.Values(columnsOf(values.getRowType()), rows);
    }
    return join(node);
  }

  private PhysicalPlan join(RelNode node) {
    if (node instanceof KvNodes.KvHashJoin join) {
      return hashJoin(join);
    }
    if (node instanceof KvNodes.KvNestedLoopJoin join) {
      return new PhysicalPlan.NestedLoopJoin(
          exact(join.getLeft()),
          exact(join.getRight()),
          kind(join.getJoinType()),
          condition(List.of(join.getCondition())),
          columnsOf(join.getRowType()),
          rows(join));
    }
    if (node instanceof KvLookupJoin join) {
      return lookupJoin(join);
    }
    if (node instanceof KvNodes.KvCorrelate correlate) {
      return new PhysicalPlan.Correlate(
          exact(correlate.getLeft()),
          exact(correlate.getRight()),
          kind(correlate.getJoinType()),
          correlate.getCorrelationId().getId(),
          columnsOf(correlate.getRowType()),
          rows(correlate));
    }
    throw new IllegalStateException("no plan node for " + node.getClass().getSimpleName());
  }

  private PhysicalPlan access(KvAccess access) {
    TableRead read = access.read();
    if (!locks.test(read)) {
      return AccessPlans.node(rex, access.path(), read.columns(), Set.of(), access.reverse());
    }
    return locked(rex, access.path(), read.columns(), read.condition(), access.reverse(), lockWait);
  }

  /**
   * Reads by {@code path} and locks what it reads; yields at least {@code columns} and the row's
   * key.
   */
  static PhysicalPlan.LockRows locked(
      RexBuilder rex,
      AccessPath path,
      List<Integer> columns,
      Optional<RexNode> condition,
      boolean reverse,
      LockWait lockWait) {
    List<RexNode> conjuncts = condition.map(c -> KeyConditions.conjuncts(rex, c)).orElse(List.of());
    Set<Integer> also = new LinkedHashSet<>(path.table().keyOrdinals());
    conjuncts.forEach(c -> RelOptUtil.InputFinder.bits(c).forEach(also::add));
    PhysicalPlan.Access node = AccessPlans.node(rex, path, columns, also, reverse);
    return new PhysicalPlan.LockRows(
        node, AccessPlans.over(rex, conjuncts, node.columns()), lockWait);
  }

  /** The first rows of {@code input}; tells a scan below how many rows are needed. */
  PhysicalPlan limit(
      PhysicalPlan input, Optional<RexNode> offset, Optional<RexNode> fetch, double rows) {
    if (offset.isEmpty() && fetch.isEmpty()) {
      return input;
    }
    PhysicalPlan hinted = fetch.isPresent() ? withHint(input, needed(offset, fetch.get())) : input;
    return new PhysicalPlan.Limit(hinted, offset, fetch, rows);
  }

  /** Estimated rows behind a limit: known if it is a literal. */
  static double limited(double rows, Optional<RexNode> fetch) {
    if (fetch.isPresent() && fetch.get() instanceof RexLiteral literal) {
      return Math.min(rows, literal.getValueAs(Long.class));
    }
    return rows;
  }

  private RexNode needed(Optional<RexNode> offset, RexNode fetch) {
    return offset.map(o -> rex.makeCall(SqlStdOperatorTable.PLUS, o, fetch)).orElse(fetch);
  }

  private static PhysicalPlan withHint(PhysicalPlan plan, RexNode limit) {
    if (plan instanceof PhysicalPlan.TableScan s) {
      return new PhysicalPlan.TableScan(
          s.table(),
          s.columns(),
          s.ranges(),
          s.reverse(),
          s.filter(),
          Optional.of(limit),
          s.estimatedRows());
    }
    if (plan instanceof PhysicalPlan.IndexScan s) {
      return new PhysicalPlan.IndexScan(
          s.table(),
          s.usedIndex(),
          s.columns(),
          s.covering(),
          s.ranges(),
          s.reverse(),
          s.filter(),
          Optional.of(limit),
          s.estimatedRows());
    }
    if (plan instanceof PhysicalPlan.LockRows lock) {
      return new PhysicalPlan.LockRows(
          (PhysicalPlan.Access) withHint(lock.input(), limit), lock.condition(), lock.lockWait());
    }
    if (plan instanceof PhysicalPlan.Project project) {
      return new PhysicalPlan.Project(
          withHint(project.input(), limit), project.expressions(), project.columnsOut());
    }
    return plan;
  }

  private PhysicalPlan hashJoin(KvNodes.KvHashJoin join) {
    JoinInfo info = join.analyzeCondition();
    List<JoinKey> keys = new ArrayList<>();
    for (int i = 0; i < info.leftKeys.size(); i++) {
      keys.add(
          new JoinKey(
              info.leftKeys.get(i), info.rightKeys.get(i), !info.nullExclusionFlags.get(i)));
    }
    return new PhysicalPlan.HashJoin(
        exact(join.getLeft()),
        exact(join.getRight()),
        kind(join.getJoinType()),
        keys,
        condition(info.nonEquiConditions),
        columnsOf(join.getRowType()),
        rows(join));
  }

  private PhysicalPlan lookupJoin(KvLookupJoin join) {
    KvLookupJoin.Lookup lookup = join.lookup();
    PhysicalPlan left = exact(join.getInput());
    Set<Integer> columns = new LinkedHashSet<>(lookup.right().columns());
    lookup.filter().forEach(f -> RelOptUtil.InputFinder.bits(f).forEach(columns::add));
    List<Integer> yielded = List.copyOf(new ArrayList<>(columns));
    JoinKind kind = kind(join.kind());
    List<PlanColumn> out = new ArrayList<>(left.columnsOut());
    if (kind.yieldsRight()) {
      boolean outer = kind == JoinKind.LEFT;
      PhysicalPlan.columnsOf(lookup.right().schema(), yielded)
          .forEach(c -> out.add(new PlanColumn(c.name(), c.type(), c.nullable() || outer)));
    }
    Optional<IndexSchema> index = lookup.index();
    return new PhysicalPlan.LookupJoin(
        left,
        kind,
        lookup.right().schema(),
        index,
        index.isEmpty() || AccessPaths.holds(lookup.right().schema(), index.get(), yielded),
        lookup.key().stream().map(this::plain).toList(),
        lookup.unique(),
        yielded,
        AccessPlans.over(rex, lookup.filter(), yielded),
        condition(lookup.condition()),
        out,
        rows(join));
  }

  private PhysicalPlan aggregate(KvNodes.KvAggregate aggregate) {
    PhysicalPlan input = build(aggregate.getInput());
    List<Integer> groups = aggregate.getGroupSet().asList();
    List<AggregateFunction> functions =
        aggregate.getAggCallList().stream().map(PlanBuilder::function).toList();
    List<PlanColumn> columns = columnsOf(aggregate.getRowType());
    return groups.isEmpty()
        ? new PhysicalPlan.StreamAggregate(input, groups, functions, columns, 1)
        : new PhysicalPlan.HashAggregate(input, groups, functions, columns, rows(aggregate));
  }

  private static AggregateFunction function(AggregateCall call) {
    return new AggregateFunction(
        aggregateKind(call),
        call.getArgList(),
        call.isDistinct(),
        call.hasFilter() ? OptionalInt.of(call.filterArg) : OptionalInt.empty(),
        Types.of(call.getType()));
  }

  /** Our aggregate for Calcite's; refuses others. */
  static AggregateFunction.Kind aggregateKind(AggregateCall call) {
    return switch (call.getAggregation().getKind()) {
      case COUNT -> AggregateFunction.Kind.COUNT;
      case SUM -> AggregateFunction.Kind.SUM;
      case SUM0 -> AggregateFunction.Kind.SUM0;
      case MIN -> AggregateFunction.Kind.MIN;
      case MAX -> AggregateFunction.Kind.MAX;
      case AVG -> AggregateFunction.Kind.AVG;
      case SINGLE_VALUE -> AggregateFunction.Kind.SINGLE_VALUE;
      case ANY_VALUE -> AggregateFunction.Kind.ANY_VALUE;
      default -> throw Unsupported.refused("aggregates like " + call.getAggregation().getName());
    };
  }

  private static List<SortKey> sortKeys(Sort sort) {
    return sort.getCollation().getFieldCollations().stream()
        .map(
            f ->
                new SortKey(
                    f.getFieldIndex(),
                    f.getDirection().isDescending(),
                    f.nullDirection == RelFieldCollation.NullDirection.FIRST))
        .toList();
  }

  private static Optional<RexNode> offset(Sort sort) {
    return Optional.ofNullable(sort.offset);
  }

  private static Optional<RexNode> fetch(Sort sort) {
    return Optional.ofNullable(sort.fetch);
  }

  private Optional<RexNode> condition(List<RexNode> conjuncts) {
    RexNode all = RexUtil.composeConjunction(rex, conjuncts);
    return all.isAlwaysTrue() ? Optional.empty() : Optional.of(plain(all));
  }

  private RexNode plain(RexNode node) {
    return RexUtil.expandSearch(rex, null, node);
  }

  private static double rows(RelNode node) {
    return node.getCluster().getMetadataQuery().getRowCount(node);
  }

  private static JoinKind kind(JoinRelType type) {
    return switch (type) {
      case INNER -> JoinKind.INNER;
      case LEFT -> JoinKind.LEFT;
      case RIGHT -> JoinKind.RIGHT;
      case FULL -> JoinKind.FULL;
      case SEMI -> JoinKind.SEMI;
      case ANTI -> JoinKind.ANTI;
      default -> throw Unsupported.refused("joins of kind " + type);
    };
  }

  static List<PlanColumn> columnsOf(RelDataType row) {
    return row.getFieldList().stream()
        .map(f -> new PlanColumn(f.getName(), Types.of(f.getType()), f.getType().isNullable()))
        .toList();
  }
}
