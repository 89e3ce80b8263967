package dev.kittiwake.sql.row;

/**
 * A column as the codecs see it.
 *
 * @param id column id, from 1, never reused within a table
 * @param missing value of rows written before the column was added
 */
public record ColumnLayout(int id, StorageType type, Object missing) {}
