/**
 * From SQL text to a syntax tree: the grammar is Calcite's template with our statements laid over
 * it ({@code src/main/codegen}), generated at build time.
 */
package dev.kittiwake.sql.parser;
