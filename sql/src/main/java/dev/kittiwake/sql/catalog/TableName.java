package dev.kittiwake.sql.catalog;

/**
 * A table's full name. Compared without regard to case by {@link Catalog}, not by {@code equals}.
 */
public record TableName(String schema, String name) {
  @Override
  public String toString() {
    return schema + "." + name;
  }
}
