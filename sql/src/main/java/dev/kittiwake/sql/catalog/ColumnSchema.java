package dev.kittiwake.sql.catalog;

import java.util.Optional;

/**
 * One column of a table.
 *
 * @param id unique within the table for all time; rows are stored by it
 * @param name as the user wrote it; names are matched without regard to case
 * @param defaultSql the DEFAULT expression as SQL text; empty means NULL
 * @param autoIncrement whether an INSERT that gives NULL or nothing gets the table's next number
 */
public record ColumnSchema(
    int id,
    String name,
    SqlType type,
    boolean nullable,
    Optional<String> defaultSql,
    boolean autoIncrement) {

  /** A column without default and without numbering. */
  public static ColumnSchema of(int id, String name, SqlType type, boolean nullable) {
    return new ColumnSchema(id, name, type, nullable, Optional.empty(), false);
  }
}
