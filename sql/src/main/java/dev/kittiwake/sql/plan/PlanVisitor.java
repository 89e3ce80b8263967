package dev.kittiwake.sql.plan;

/** One method per plan node: who handles plans handles all of them, and the compiler checks it. */
public interface PlanVisitor<R> {
  R pointGet(PhysicalPlan.PointGet node);

  R batchPointGet(PhysicalPlan.BatchPointGet node);

  R tableScan(PhysicalPlan.TableScan node);

  R indexScan(PhysicalPlan.IndexScan node);

  R lockRows(PhysicalPlan.LockRows node);

  R lockReads(PhysicalPlan.LockReads node);

  R values(PhysicalPlan.Values node);

  R filter(PhysicalPlan.Filter node);

  R project(PhysicalPlan.Project node);

  R limit(PhysicalPlan.Limit node);

  R sort(PhysicalPlan.Sort node);

  R nestedLoopJoin(PhysicalPlan.NestedLoopJoin node);

  R hashJoin(PhysicalPlan.HashJoin node);

  R lookupJoin(PhysicalPlan.LookupJoin node);

  R correlate(PhysicalPlan.Correlate node);

  R hashAggregate(PhysicalPlan.HashAggregate node);

  R streamAggregate(PhysicalPlan.StreamAggregate node);

  R union(PhysicalPlan.Union node);

  R insert(PhysicalPlan.Insert node);

  R update(PhysicalPlan.Update node);

  R delete(PhysicalPlan.Delete node);
}
