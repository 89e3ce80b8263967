package dev.kittiwake.sql;

import java.util.List;

/** The schema at one version, for metadata. Immutable. Names compare without case. */
public interface CatalogView {
  /** Grows with each change of the schema. */
  long version();

  /** Names in order. */
  List<String> schemas();

  /** Tables of a schema in order of name; of all schemas if {@code schema} is null. */
  List<TableDescription> tables(String schema);

  /** The table, or null. */
  TableDescription table(String schema, String name);
}
