/**
 * Expressions: compiled once for each plan from Calcite's {@code RexNode} to a tree of {@link
 * dev.kittiwake.sql.expr.Expression}s, then interpreted for each row. Pure.
 *
 * <p>Values are the engine's (see {@link dev.kittiwake.sql.row}): every integer type is {@code
 * Long} here; {@link dev.kittiwake.sql.expr.Values} converts at the edge. Conditions have three
 * values; integers and conditions are read without boxing ({@code longValue}, {@code test}).
 */
package dev.kittiwake.sql.expr;
