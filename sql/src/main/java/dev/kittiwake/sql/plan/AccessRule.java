package dev.kittiwake.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;

/**
 * A read of a table by each of its access paths, forwards and backwards. Each tells the order that
 * is left after the columns with a fixed value, so that {@code ORDER BY o_id LIMIT 1} behind a
 * bound prefix needs no sort.
 */
final class AccessRule extends KvRules.NodeRule<TableRead> {
  AccessRule() {
    super(TableRead.class);
  }

  @Override
  void apply(TableRead read, RelOptRuleCall call) {
    for (AccessPath path : read.paths().candidates(read.columns())) {
      RelCollation forwards = collation(read, path, false);
      call.transformTo(new KvAccess(read, path, false, KvRel.traits(read, forwards)));
      if (!forwards.getFieldCollations().isEmpty() && !path.isPoints()) {
        RelCollation backwards = collation(read, path, true);
        call.transformTo(new KvAccess(read, path, true, KvRel.traits(read, backwards)));
      }
    }
  }

  private static RelCollation collation(TableRead read, AccessPath path, boolean reverse) {
    List<RelFieldCollation> fields = new ArrayList<>();
    for (int ordinal : path.order()) {
      int column = read.columns().indexOf(ordinal);
      if (column < 0) {
        break;
      }
      fields.add(
          reverse
              ? new RelFieldCollation(
                  column,
                  RelFieldCollation.Direction.DESCENDING,
                  RelFieldCollation.NullDirection.LAST)
              : new RelFieldCollation(
                  column,
                  RelFieldCollation.Direction.ASCENDING,
                  RelFieldCollation.NullDirection.FIRST));
    }
    return RelCollations.of(fields);
  }
}
