/**
 * The command line {@code bin/kittiwake}: roles ({@code playground}, {@code pd}, {@code kv}, {@code
 * sql-server}), the SQL shell, raw key-value commands, and the benchmarks. One command per file;
 * picocli reads options and prints help, {@link dev.kittiwake.cli.UserErrors} turns failures into
 * one line and an exit status.
 */
package dev.kittiwake.cli;
