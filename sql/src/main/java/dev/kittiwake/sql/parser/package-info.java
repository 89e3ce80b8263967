/**
 * From SQL text to a syntax tree: the grammar is Calcite's template with our statements laid over
 * it ({@code src/main/codegen}), generated at build time.
 *
 * <p>{@link dev.kittiwake.sql.parser.StatementParser} parses; statements that Calcite has no node
 * for are a {@link dev.kittiwake.sql.parser.Syntax} within a {@link
 * dev.kittiwake.sql.parser.StatementNode}. Errors name line, column and, where one can be guessed,
 * what was meant.
 */
package dev.kittiwake.sql.parser;
