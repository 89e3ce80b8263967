package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/** A join whose right side can be found by a key that the left row (with constants) gives. */
final class LookupJoinRule extends RelOptRule {
  private final Predicate<TableRead> locked;

  LookupJoinRule(Predicate<TableRead> locked) {
    super(
        operand(
            LogicalJoin.class,
            some(operand(RelNode.class, any()), operand(TableRead.class, none()))),
        "KvLookupJoin");
    this.locked = locked;
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalJoin join = call.rel(0);
    RelNode left = call.rel(1);
    TableRead right = call.rel(2);
    JoinRelType kind = join.getJoinType();
    boolean possible =
        kind == JoinRelType.INNER
            || kind == JoinRelType.LEFT
            || kind == JoinRelType.SEMI
            || kind == JoinRelType.ANTI;
    if (!possible || locked.test(right)) {
      return;
    }
    TableSchema table = right.schema();
    List<Optional<IndexSchema>> keys = new ArrayList<>();
    keys.add(Optional.empty());
    table.indexes().stream().filter(IndexSchema::readable).forEach(i -> keys.add(Optional.of(i)));
    for (Optional<IndexSchema> index : keys) {
      new Lookups(join, left, right)
          .by(index)
          .ifPresent(
              lookup ->
                  call.transformTo(
                      new KvLookupJoin(
                          convert(join.getLeft(), KvRel.traits(join)),
                          lookup,
                          kind,
                          join.getRowType(),
                          KvRel.traits(join))));
    }
  }

  /** Finds how one key can serve one join. */
  private static final class Lookups {
    private final LogicalJoin join;
    private final TableRead right;
    private final int leftWidth;
    private final RexBuilder rex;
    private final List<RexNode> joinConjuncts;
    private final List<RexNode> readConjuncts;
    private final KeyConditions constants;

    Lookups(LogicalJoin join, RelNode left, TableRead right) {
      this.join = join;
      this.right = right;
      this.leftWidth = left.getRowType().getFieldCount();
      this.rex = join.getCluster().getRexBuilder();
      this.joinConjuncts = KeyConditions.conjuncts(rex, join.getCondition());
      this.readConjuncts =
          right.condition().map(c -> KeyConditions.conjuncts(rex, c)).orElse(List.of());
      this.constants = new KeyConditions(right.schema(), rex, readConjuncts);
    }

    Optional<KvLookupJoin.Lookup> by(Optional<IndexSchema> index) {
      List<Integer> key = AccessPaths.keyOf(right.schema(), index);
      List<RexNode> values = new ArrayList<>();
      Set<RexNode> covered = new HashSet<>();
      boolean usesLeft = false;
      for (int ordinal : key) {
        Optional<Map.Entry<RexNode, RexNode>> value = fromLeft(ordinal);
        usesLeft |= value.isPresent();
        value = value.isPresent() ? value : constants.fixedValue(ordinal);
        if (value.isEmpty()) {
          break;
        }
        values.add(value.get().getKey());
        covered.add(value.get().getValue());
      }
      if (!usesLeft) {
        return Optional.empty();
      }
      int uniqueColumns = index.map(i -> i.columnIds().size()).orElse(key.size());
      boolean unique =
          index.map(IndexSchema::unique).orElse(true) && values.size() >= uniqueColumns;
      List<RexNode> filter = without(readConjuncts, covered);
      Set<Integer> needed = new HashSet<>(right.columns());
      filter.forEach(f -> RelOptUtil.InputFinder.bits(f).forEach(needed::add));
      double rows = unique ? 1 : AccessPaths.prefixRows(right.tableRows(), values.size());
      return Optional.of(
          new KvLookupJoin.Lookup(
              right,
              index,
              index.isEmpty() || AccessPaths.holds(right.schema(), index.get(), needed),
              unique ? values.subList(0, uniqueColumns) : values,
              unique,
              filter,
              without(joinConjuncts, covered),
              rows));
    }

    /**
     * The left column that the join's condition says is equal to this ordinal, and the conjunct
     * that says so.
     */
    private Optional<Map.Entry<RexNode, RexNode>> fromLeft(int ordinal) {
      int column = right.columns().indexOf(ordinal);
      if (column < 0) {
        return Optional.empty();
      }
      for (RexNode conjunct : joinConjuncts) {
        if (conjunct.getKind() != SqlKind.EQUALS) {
          continue;
        }
        List<RexNode> sides = ((RexCall) conjunct).getOperands();
        for (int i = 0; i < 2; i++) {
          boolean same =
              sides.get(i) instanceof RexInputRef ref && ref.getIndex() == leftWidth + column;
          if (same && isLeft(sides.get(1 - i))) {
            SqlType type = right.schema().typeOf(ordinal);
            Optional<RexNode> value = KeyValues.inColumnType(rex, sides.get(1 - i), type);
            if (value.isPresent()) {
              return Optional.of(Map.entry(value.get(), conjunct));
            }
          }
        }
      }
      return Optional.empty();
    }

    private boolean isLeft(RexNode node) {
      return RelOptUtil.InputFinder.bits(node).nextSetBit(leftWidth) < 0
          && !RelOptUtil.InputFinder.bits(node).isEmpty();
    }

    private static List<RexNode> without(List<RexNode> all, Set<RexNode> covered) {
      return all.stream().filter(c -> !covered.contains(c)).toList();
    }
  }
}
