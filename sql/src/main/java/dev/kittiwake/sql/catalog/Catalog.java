package dev.kittiwake.sql.catalog;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One version of the whole schema. Immutable: a newer schema is another object. Names match without
 * regard to case.
 */
public interface Catalog {
  /** Counts schema changes of the cluster; never goes back. */
  long version();

  /** All schema names, sorted. */
  List<String> schemas();

  /** All tables of a schema, sorted by name; empty if there is no such schema. */
  List<TableSchema> tables(String schema);

  /** The table {@code schema.name}. */
  Optional<TableSchema> table(String schema, String name);

  /** The table with this id. */
  Optional<TableSchema> table(long id);

  /** Rows counted by the last ANALYZE TABLE; empty if never counted. */
  OptionalLong rowCount(long tableId);
}
