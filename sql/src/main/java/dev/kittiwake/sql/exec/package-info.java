/**
 * Runs plans: a tree of plan nodes is compiled once ({@link dev.kittiwake.sql.exec.PlanCompiler})
 * to a tree of openers, immutable and shared; each execution opens it to a tree of pull {@link
 * dev.kittiwake.sql.exec.Operator}s with state of their own.
 *
 * <p>Everything an execution may touch comes with its {@link dev.kittiwake.sql.exec.Execution}:
 * parameters, the reader of the data, the transaction to write to, the account of its memory, its
 * deadline. Modifications collect their changes first and write them at the end of the statement
 * ({@code ChangeSet}), so that a statement never sees its own changes.
 */
package dev.kittiwake.sql.exec;
