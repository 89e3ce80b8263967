package dev.kittiwake.sql.catalog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A {@link Catalog} in memory. Immutable; the {@code with} methods make changed copies. */
public final class SchemaSnapshot implements Catalog {
  /** The schema every cluster has from the start. */
  public static final String DEFAULT_SCHEMA = "public";

  /** What a new cluster has: the default schema, empty. */
  public static final SchemaSnapshot EMPTY =
      new SchemaSnapshot(0, List.of(DEFAULT_SCHEMA), List.of(), Map.of());

  private final long version;
  private final TreeMap<String, TreeMap<String, TableSchema>> schemas =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<Long, TableSchema> byId = new HashMap<>();
  private final Map<Long, Long> rowCounts;

  /**
   * @param tables each in one of {@code schemaNames}
   * @param rowCounts by table id
   */
  public SchemaSnapshot(
      long version, List<String> schemaNames, List<TableSchema> tables, Map<Long, Long> rowCounts) {
    this.version = version;
    this.rowCounts = Map.copyOf(rowCounts);
    for (String schema : schemaNames) {
      schemas.put(schema, new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
    }
    for (TableSchema table : tables) {
      TreeMap<String, TableSchema> home = schemas.get(table.schema());
      if (home == null) {
        throw new IllegalArgumentException("table " + table.fullName() + " is in no schema");
      }
      home.put(table.name(), table);
      byId.put(table.id(), table);
    }
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public List<String> schemas() {
    return List.copyOf(schemas.keySet());
  }

  /** Whether there is a schema of this name. */
  public boolean hasSchema(String name) {
    return schemas.containsKey(name);
  }

  @Override
  public List<TableSchema> tables(String schema) {
    return List.copyOf(schemas.getOrDefault(schema, new TreeMap<>()).values());
  }

  /** All tables of all schemas. */
  public List<TableSchema> tables() {
    List<TableSchema> all = new ArrayList<>();
    schemas.values().forEach(tables -> all.addAll(tables.values()));
    return Collections.unmodifiableList(all);
  }

  @Override
  public Optional<TableSchema> table(String schema, String name) {
    TreeMap<String, TableSchema> tables = schemas.get(schema);
    return tables == null ? Optional.empty() : Optional.ofNullable(tables.get(name));
  }

  @Override
  public Optional<TableSchema> table(long id) {
    return Optional.ofNullable(byId.get(id));
  }

  @Override
  public OptionalLong rowCount(long tableId) {
    Long count = rowCounts.get(tableId);
    return count == null ? OptionalLong.empty() : OptionalLong.of(count);
  }

  /** The next version, with a further schema. */
  public SchemaSnapshot withSchema(String name) {
    List<String> names = new ArrayList<>(schemas());
    names.add(name);
    return new SchemaSnapshot(version + 1, names, tables(), rowCounts);
  }

  /** The next version, without a schema and its tables. */
  public SchemaSnapshot withoutSchema(String name) {
    List<String> names = new ArrayList<>(schemas());
    names.removeIf(n -> n.equalsIgnoreCase(name));
    List<TableSchema> left =
        tables().stream().filter(t -> !t.schema().equalsIgnoreCase(name)).toList();
    return new SchemaSnapshot(version + 1, names, left, rowCounts);
  }

  /** The next version, with this table in place of the one of the same name, if any. */
  public SchemaSnapshot withTable(TableSchema table) {
    List<TableSchema> all = new ArrayList<>(tables());
    all.removeIf(t -> sameName(t, table.fullName()));
    all.add(table);
    return new SchemaSnapshot(version + 1, schemas(), all, rowCounts);
  }

  /** The next version, without this table. */
  public SchemaSnapshot withoutTable(TableName name) {
    List<TableSchema> all = new ArrayList<>(tables());
    all.removeIf(t -> sameName(t, name));
    return new SchemaSnapshot(version + 1, schemas(), all, rowCounts);
  }

  /** The same version, knowing a row count: plans do not become wrong by it. */
  public SchemaSnapshot withRowCount(long tableId, long rows) {
    Map<Long, Long> counts = new HashMap<>(rowCounts);
    counts.put(tableId, rows);
    return new SchemaSnapshot(version, schemas(), tables(), counts);
  }

  /** The same content as the next version, so that caches and plans are renewed. */
  public SchemaSnapshot nextVersion() {
    return new SchemaSnapshot(version + 1, schemas(), tables(), rowCounts);
  }

  private static boolean sameName(TableSchema table, TableName name) {
    return table.schema().equalsIgnoreCase(name.schema())
        && table.name().equalsIgnoreCase(name.name());
  }
}
