package dev.kittiwake.sql.plan;

import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.sql2rel.TopDownGeneralDecorrelator;
import org.apache.calcite.tools.RelBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps that are always right, before anything is weighed: subqueries to joins, filters down,
 * columns away.
 */
final class LogicalRewrite {
  private static final HepProgram SUBQUERIES =
      program(
          List.of(
              CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
              CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
              CoreRules.JOIN_SUB_QUERY_TO_CORRELATE));

  private static final HepProgram SETS =
      program(
          List.of(
              CoreRules.UNION_TO_DISTINCT,
              CoreRules.INTERSECT_TO_DISTINCT,
              CoreRules.MINUS_TO_DISTINCT));

  private static final HepProgram FILTERS =
      program(
          List.of(
              CoreRules.FILTER_MERGE,
              CoreRules.FILTER_INTO_JOIN,
              CoreRules.JOIN_CONDITION_PUSH,
              CoreRules.FILTER_PROJECT_TRANSPOSE,
              CoreRules.FILTER_AGGREGATE_TRANSPOSE,
              CoreRules.FILTER_SET_OP_TRANSPOSE,
              CoreRules.FILTER_CORRELATE,
              CoreRules.PROJECT_MERGE,
              CoreRules.PROJECT_REMOVE));

  private static final HepProgram TRANSITIVE =
      program(List.of(CoreRules.JOIN_PUSH_TRANSITIVE_PREDICATES));

  private static final HepProgram SORTS =
      program(
          List.of(
              CoreRules.SORT_PROJECT_TRANSPOSE,
              CoreRules.SORT_REMOVE_CONSTANT_KEYS,
              CoreRules.PROJECT_MERGE,
              CoreRules.PROJECT_REMOVE,
              CoreRules.FILTER_MERGE));

  private static final HepProgram READS = program(ReadRules.all());
  private static final HepProgram LEAST = program(List.of(new LeastRule()));

  private static final Logger LOG = LoggerFactory.getLogger(LogicalRewrite.class);

  private LogicalRewrite() {}

  /**
   * @param decorrelate whether correlated subqueries become joins; otherwise they are run for each
   *     row
   */
  static RelNode apply(RelNode logical, boolean decorrelate) {
    RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(logical.getCluster(), null);
    RelNode rel = run(SUBQUERIES, logical);
    if (decorrelate) {
      rel = decorrelated(rel, builder);
    }
    rel = rel.accept(new LiteralAggregates());
    rel = run(SETS, rel);
    rel = run(FILTERS, rel);
    rel = withImpliedFilters(rel);
    rel = new RelFieldTrimmer(null, builder).trim(rel);
    rel = run(SORTS, rel);
    rel = run(READS, rel);
    return run(LEAST, rel);
  }

  /**
   * Correlated subqueries as joins, where Calcite can; the others stay, and are run for each row.
   * Calcite's older decorrelator gives wrong rows for some queries with several subqueries.
   */
  private static RelNode decorrelated(RelNode rel, RelBuilder builder) {
    if (Unsupported.countOf(Correlate.class, rel) == 0) {
      return rel;
    }
    try {
      RelNode joins = TopDownGeneralDecorrelator.decorrelateQuery(rel, builder);
      return Unsupported.hasWindow(joins) ? rel : joins; // made for LIMIT in a subquery
    } catch (RuntimeException | AssertionError e) {
      LOG.debug("not decorrelated: {}", e.toString());
      return rel;
    }
  }

  /** Filters that follow from join conditions; only a help, and Calcite does not always manage. */
  private static RelNode withImpliedFilters(RelNode rel) {
    try {
      return run(FILTERS, run(TRANSITIVE, rel));
    } catch (RuntimeException | AssertionError e) {
      LOG.debug("no implied filters: {}", e.toString());
      return rel;
    }
  }

  private static HepProgram program(List<? extends RelOptRule> rules) {
    HepProgramBuilder builder = HepProgram.builder();
    builder.addRuleCollection(List.copyOf(rules));
    return builder.build();
  }

  private static RelNode run(HepProgram program, RelNode rel) {
    HepPlanner planner = new HepPlanner(program, rel.getCluster().getPlanner().getContext());
    planner.setRoot(rel);
    return planner.findBestExp();
  }
}
