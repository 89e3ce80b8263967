package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.plan.PhysicalPlan;

/** A compiled query. Immutable, shared by all executions. */
public final class CompiledQuery {
  private final Opener opener;
  private final boolean singleGet;

  private CompiledQuery(Opener opener, boolean singleGet) {
    this.opener = opener;
    this.singleGet = singleGet;
  }

  public static CompiledQuery compile(PhysicalPlan plan) {
    return new CompiledQuery(PlanCompiler.compile(plan), isSingleGet(plan));
  }

  /** One key is read at most: no two reads have to see the same moment. */
  private static boolean isSingleGet(PhysicalPlan plan) {
    PhysicalPlan at = plan;
    while (at instanceof PhysicalPlan.Project
        || at instanceof PhysicalPlan.Filter
        || at instanceof PhysicalPlan.Limit) {
      at = at.inputs().get(0);
    }
    if (at instanceof PhysicalPlan.LockRows lock) {
      at = lock.input();
    }
    return at instanceof PhysicalPlan.PointGet get && get.index().isEmpty()
        || at instanceof PhysicalPlan.Values;
  }

  public boolean singleGet() {
    return singleGet;
  }

  /**
   * @param maxRows 0 = all
   */
  public Operator open(Execution execution, long maxRows) {
    return opener.open(execution, maxRows == 0 ? Opener.ALL : maxRows);
  }
}
