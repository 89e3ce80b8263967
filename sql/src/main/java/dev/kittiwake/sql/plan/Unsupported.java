package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Match;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.TableFunctionScan;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Window;

/** Refuses what we have no operator for, before the planner looks for one. */
final class Unsupported {
  private Unsupported() {}

  static void check(RelNode root) {
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        checkNode(node);
        super.visit(node, ordinal, parent);
      }
    }.go(root);
  }

  /** How many nodes of a kind {@code root} has. */
  static int countOf(Class<? extends RelNode> kind, RelNode root) {
    int[] count = {0};
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        count[0] += kind.isInstance(node) ? 1 : 0;
        super.visit(node, ordinal, parent);
      }
    }.go(root);
    return count[0];
  }

  /** Whether a window function is computed somewhere in {@code root}. */
  static boolean hasWindow(RelNode root) {
    boolean[] found = {false};
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        found[0] |= isWindow(node);
        super.visit(node, ordinal, parent);
      }
    }.go(root);
    return found[0];
  }

  private static boolean isWindow(RelNode node) {
    return node instanceof Window || node instanceof Project project && project.containsOver();
  }

  private static void checkNode(RelNode node) {
    if (isWindow(node)) {
      throw refused("window functions");
    }
    if (node instanceof Match) {
      throw refused("MATCH_RECOGNIZE");
    }
    if (node instanceof RepeatUnion) {
      throw refused("recursive queries");
    }
    if (node instanceof TableFunctionScan || node instanceof Uncollect) {
      throw refused("table functions");
    }
    if (node instanceof Aggregate aggregate) {
      if (aggregate.getGroupType() != Aggregate.Group.SIMPLE) {
        throw refused("GROUPING SETS, CUBE and ROLLUP");
      }
      aggregate.getAggCallList().forEach(Unsupported::checkCall);
    }
  }

  private static void checkCall(AggregateCall call) {
    if (!call.getCollation().getFieldCollations().isEmpty()) {
      throw refused("aggregates WITHIN GROUP");
    }
    PlanBuilder.aggregateKind(call);
  }

  static SqlError refused(String what) {
    return SqlError.of(SqlStates.NOT_SUPPORTED, what + " are not supported yet");
  }
}
