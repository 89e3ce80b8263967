/**
 * The schema as immutable records, and its home in the keyspace.
 *
 * <p>A {@link dev.kittiwake.sql.catalog.Catalog} is one version of the schema: planners and
 * sessions hold it as long as they like. Columns and indexes have ids that are never used again, so
 * that rows written under an older schema stay readable; plans speak of columns by ordinal (place
 * in {@link dev.kittiwake.sql.catalog.TableSchema#columns()}). A table without a primary key has a
 * hidden row id, whose ordinal follows that of the last column.
 */
package dev.kittiwake.sql.catalog;
