/**
 * From SQL text to a physical plan: a value that says which keys to read, in which order, and what
 * to do with the rows.
 *
 * <p>{@link dev.kittiwake.sql.plan.PhysicalPlan} is the family of plan nodes, {@link
 * dev.kittiwake.sql.plan.Statement} that of statements. Expressions in plans are Calcite's {@code
 * RexNode}s over the node's input row: {@code RexInputRef} is a column of that row (of the left row
 * followed by the right row in joins), {@code RexDynamicParam} a parameter of the statement, and a
 * {@code RexFieldAccess} on a {@code RexCorrelVariable} a column of the outer row of the enclosing
 * {@link dev.kittiwake.sql.plan.PhysicalPlan.Correlate}. They hold no subqueries and no {@code
 * SEARCH}.
 */
package dev.kittiwake.sql.plan;
