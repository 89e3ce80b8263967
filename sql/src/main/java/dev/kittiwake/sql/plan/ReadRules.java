package dev.kittiwake.sql.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;

/** Draws filters and column choices into {@link TableRead}s. Deterministic: for Hep. */
final class ReadRules {
  private ReadRules() {}

  static List<RelOptRule> all() {
    return List.of(new ScanRule(), new FilterRule(), new ProjectRule());
  }

  private static final class ScanRule extends KvRules.NodeRule<LogicalTableScan> {
    ScanRule() {
      super(LogicalTableScan.class);
    }

    @Override
    void apply(LogicalTableScan scan, RelOptRuleCall call) {
      call.transformTo(TableRead.all(scan.getCluster(), scan.getTable()));
    }
  }

  private static final class FilterRule extends KvRules.NodeRule<LogicalFilter> {
    FilterRule() {
      super(
          LogicalFilter.class,
          RelOptRule.operand(
              LogicalFilter.class, RelOptRule.operand(TableRead.class, RelOptRule.none())),
          "ReadFilter");
    }

    @Override
    void apply(LogicalFilter filter, RelOptRuleCall call) {
      TableRead read = call.rel(1);
      RexNode condition =
          filter
              .getCondition()
              .accept(
                  new RexShuttle() {
                    @Override
                    public RexNode visitInputRef(RexInputRef column) {
                      return new RexInputRef(
                          read.columns().get(column.getIndex()), column.getType());
                    }
                  });
      List<RexNode> both = new ArrayList<>();
      read.condition().ifPresent(both::add);
      both.add(condition);
      call.transformTo(
          read.withCondition(
              RexUtil.composeConjunction(filter.getCluster().getRexBuilder(), both)));
    }
  }

  /** Reads only the columns used; a projection that only chooses columns goes away. */
  private static final class ProjectRule extends KvRules.NodeRule<LogicalProject> {
    ProjectRule() {
      super(
          LogicalProject.class,
          RelOptRule.operand(
              LogicalProject.class, RelOptRule.operand(TableRead.class, RelOptRule.none())),
          "ReadProject");
    }

    @Override
    void apply(LogicalProject project, RelOptRuleCall call) {
      TableRead read = call.rel(1);
      Optional<List<Integer>> choice = chosen(project);
      if (choice.isPresent()) {
        TableRead fewer = read.withColumns(choice.get().stream().map(read.columns()::get).toList());
        boolean sameNames =
            fewer.getRowType().getFieldNames().equals(project.getRowType().getFieldNames());
        if (sameNames
            || RelOptUtil.areRowTypesEqual(fewer.getRowType(), project.getRowType(), false)) {
          call.transformTo(fewer);
          return;
        }
      }
      List<Integer> used = RelOptUtil.InputFinder.bits(project.getProjects(), null).asList();
      if (used.size() == read.columns().size()) {
        return;
      }
      TableRead fewer = read.withColumns(used.stream().map(read.columns()::get).toList());
      List<RexNode> expressions =
          project.getProjects().stream().map(e -> AccessPlans.over(e, used)).toList();
      call.transformTo(
          LogicalProject.create(
              fewer, List.of(), expressions, project.getRowType(), project.getVariablesSet()));
    }

    private static Optional<List<Integer>> chosen(LogicalProject project) {
      Set<Integer> columns = new LinkedHashSet<>();
      for (RexNode expression : project.getProjects()) {
        if (!(expression instanceof RexInputRef column) || !columns.add(column.getIndex())) {
          return Optional.empty();
        }
      }
      return Optional.of(new ArrayList<>(columns));
    }
  }
}
