package dev.kittiwake.sql.catalog;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * One table in one version of the schema. A column's <em>ordinal</em> is its place in {@link
 * #columns()}; the hidden row id of a table without primary key has the ordinal {@code
 * columns().size()}.
 *
 * @param id never used again, also not after TRUNCATE; row and index keys begin with it
 * @param indexes all secondary indexes in whatever state; readers use the {@link
 *     IndexSchema#readable()} ones, writers keep all of them
 * @param version the schema version that last changed this table
 * @param lastColumnId the largest column id ever used, also by columns that are dropped
 * @param altering its columns are about to change: nobody may write to it for a moment
 */
public record TableSchema(
    long id,
    String schema,
    String name,
    List<ColumnSchema> columns,
    PrimaryKey primaryKey,
    List<IndexSchema> indexes,
    long version,
    int lastColumnId,
    boolean altering) {

  /** The name under which EXPLAIN shows the hidden row id. */
  public static final String ROW_ID = "_rowid";

  public TableSchema {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
  }

  /** A table that has all the columns it ever had. */
  public TableSchema(
      long id,
      String schema,
      String name,
      List<ColumnSchema> columns,
      PrimaryKey primaryKey,
      List<IndexSchema> indexes,
      long version) {
    this(
        id,
        schema,
        name,
        columns,
        primaryKey,
        indexes,
        version,
        columns.stream().mapToInt(ColumnSchema::id).max().orElse(0),
        false);
  }

  /**
   * @throws dev.kittiwake.sql.SqlError 40001 if nobody may write to the table now
   */
  public void requireWritable() {
    TableAlteration.requireWritable(this);
  }

  TableSchema inAlteration(boolean begun, long newVersion) {
    return new TableSchema(
        id, schema, name, columns, primaryKey, indexes, newVersion, lastColumnId, begun);
  }

  /** The full name. */
  public TableName fullName() {
    return new TableName(schema, name);
  }

  /**
   * Columns of a complete row as plans see it: all columns, and the hidden row id if there is one.
   */
  public int rowWidth() {
    return columns.size() + (primaryKey.hidden() ? 1 : 0);
  }

  /** The type of the column at {@code ordinal}, the hidden row id included. */
  public SqlType typeOf(int ordinal) {
    return ordinal == columns.size() ? SqlType.BIGINT : columns.get(ordinal).type();
  }

  /** The name of the column at {@code ordinal}, the hidden row id included. */
  public String nameOf(int ordinal) {
    return ordinal == columns.size() ? ROW_ID : columns.get(ordinal).name();
  }

  /** Whether the column at {@code ordinal} may be NULL. */
  public boolean nullable(int ordinal) {
    return ordinal < columns.size() && columns.get(ordinal).nullable();
  }

  /**
   * The ordinals of the key that rows are stored by: the primary key's, or that of the hidden row
   * id.
   */
  public List<Integer> keyOrdinals() {
    return primaryKey.hidden() ? List.of(columns.size()) : ordinals(primaryKey.columnIds());
  }

  /** The ordinals of an index's columns, in index order. */
  public List<Integer> ordinals(IndexSchema index) {
    return ordinals(index.columnIds());
  }

  /** The ordinal of the column called {@code columnName}, without regard to case. */
  public OptionalInt ordinalOf(String columnName) {
    return IntStream.range(0, columns.size())
        .filter(i -> columns.get(i).name().equalsIgnoreCase(columnName))
        .findFirst();
  }

  /** The index called {@code indexName}, without regard to case, in whatever state. */
  public Optional<IndexSchema> index(String indexName) {
    return indexes.stream().filter(i -> i.name().equalsIgnoreCase(indexName)).findFirst();
  }

  /** The column that numbers its rows by itself, if any. */
  public OptionalInt autoIncrementOrdinal() {
    return IntStream.range(0, columns.size())
        .filter(i -> columns.get(i).autoIncrement())
        .findFirst();
  }

  private List<Integer> ordinals(List<Integer> columnIds) {
    return columnIds.stream().map(this::ordinalOfId).toList();
  }

  private int ordinalOfId(int columnId) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).id() == columnId) {
        return i;
      }
    }
    throw new IllegalStateException("table " + fullName() + " has no column with id " + columnId);
  }
}
