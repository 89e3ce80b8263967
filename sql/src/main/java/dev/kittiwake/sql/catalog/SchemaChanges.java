package dev.kittiwake.sql.catalog;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.parser.Suggestions;
import dev.kittiwake.sql.plan.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What a DDL statement makes of a schema. Pure: from one snapshot to the next, or to the same one
 * if there is nothing to do ({@code IF EXISTS}).
 */
public final class SchemaChanges {
  private final SchemaSnapshot before;
  private final LongSupplier ids;

  /**
   * @param ids yields ids for tables and indexes, never the same twice in the life of the cluster
   */
  public SchemaChanges(SchemaSnapshot before, LongSupplier ids) {
    this.before = before;
    this.ids = ids;
  }

  /** The schema that is changed. */
  public SchemaSnapshot before() {
    return before;
  }

  /** The schema after {@code create}; indexes of the new table are public: it has no rows. */
  public SchemaSnapshot createTable(Statement.CreateTable create) {
    requireSchema(create.table().schema());
    if (find(create.table()).isPresent()) {
      if (create.ifNotExists()) {
        return before;
      }
      throw SqlError.of(
          SqlStates.DUPLICATE_TABLE, "table " + create.table().name() + " exists already");
    }
    List<ColumnSchema> columns = new ArrayList<>();
    for (Statement.NewColumn column : create.columns()) {
      columns.add(column(columns.size() + 1, column));
    }
    List<Integer> key = create.primaryKey().stream().map(o -> columns.get(o).id()).toList();
    TableSchema table =
        new TableSchema(
            ids.getAsLong(),
            schemaName(create.table().schema()),
            create.table().name(),
            columns,
            new PrimaryKey(key),
            List.of(),
            before.version() + 1);
    for (Statement.NewIndex index : create.indexes()) {
      table = withIndex(table, index, IndexSchema.State.PUBLIC);
    }
    return before.withTable(table);
  }

  /** The schema after DROP TABLE. */
  public SchemaSnapshot dropTable(Statement.DropTable drop) {
    SchemaSnapshot after = before;
    for (TableName name : drop.tables()) {
      if (find(name).isEmpty() && !drop.ifExists()) {
        throw unknown(name);
      }
      if (find(name).isPresent()) {
        after = after.withoutTable(name);
      }
    }
    return after;
  }

  /** The schema after TRUNCATE: the table under a new id, so that its old rows are out of sight. */
  public SchemaSnapshot truncate(TableName name) {
    TableSchema table = require(name);
    return before.withTable(
        new TableSchema(
            ids.getAsLong(),
            table.schema(),
            table.name(),
            table.columns(),
            table.primaryKey(),
            table.indexes(),
            before.version() + 1,
            table.lastColumnId(),
            table.altering()));
  }

  /** The schema after CREATE INDEX, with the index in {@code state}. */
  public SchemaSnapshot createIndex(Statement.CreateIndex create, IndexSchema.State state) {
    TableSchema table = require(create.table());
    Optional<IndexSchema> same = table.index(create.index().name());
    if (same.isPresent() && !same.get().readable()) {
      throw SqlError.of(
          SqlStates.DUPLICATE_INDEX,
          "index "
              + create.index().name()
              + " is being made, or was left unfinished when its maker ended: wait, or DROP INDEX it"
              + " and create it anew");
    }
    if (same.isPresent() && create.ifNotExists()) {
      return before;
    }
    return before.withTable(withIndex(table, create.index(), state));
  }

  /** The schema with an index in another state. */
  public SchemaSnapshot indexState(TableName name, String index, IndexSchema.State state) {
    TableSchema table = require(name);
    List<IndexSchema> indexes =
        table.indexes().stream()
            .map(i -> i.name().equalsIgnoreCase(index) ? i.in(state) : i)
            .toList();
    return before.withTable(with(table, table.columns(), indexes));
  }

  /** The schema after DROP INDEX. */
  public SchemaSnapshot dropIndex(Statement.DropIndex drop) {
    List<TableSchema> candidates =
        drop.table().isPresent()
            ? List.of(require(drop.table().get()))
            : before.tables(drop.schema());
    List<TableSchema> found =
        candidates.stream().filter(t -> t.index(drop.index()).isPresent()).toList();
    if (found.isEmpty() && drop.ifExists()) {
      return before;
    }
    if (found.size() != 1) {
      throw SqlError.of(
          SqlStates.UNKNOWN_INDEX,
          found.isEmpty()
              ? "index " + drop.index() + " does not exist"
              : "several tables have an index " + drop.index() + ": add ON table");
    }
    TableSchema table = found.get(0);
    List<IndexSchema> left =
        table.indexes().stream().filter(i -> !i.name().equalsIgnoreCase(drop.index())).toList();
    return before.withTable(with(table, table.columns(), left));
  }

  /**
   * The schema after ADD COLUMN: existing rows read as the default, so it must be NULL or a value.
   */
  public SchemaSnapshot addColumn(Statement.AddColumn add) {
    TableSchema table = require(add.table());
    Statement.NewColumn column = add.column();
    if (table.ordinalOf(column.name()).isPresent()) {
      if (add.ifNotExists()) {
        return before;
      }
      throw SqlError.of(
          SqlStates.DUPLICATE_COLUMN,
          "column " + column.name() + " exists already in table " + table.name());
    }
    if (!column.nullable() || column.defaultSql().isPresent() || column.autoIncrement()) {
      throw SqlError.of(
          SqlStates.NOT_SUPPORTED,
          "ADD COLUMN "
              + column.name()
              + ": only nullable columns without DEFAULT can be added to an existing table");
    }
    int id = table.lastColumnId() + 1;
    List<ColumnSchema> columns = new ArrayList<>(table.columns());
    columns.add(column(id, column));
    return before.withTable(altered(table, columns, id));
  }

  /** The schema after DROP COLUMN: rows keep the value, under an id that is never used again. */
  public SchemaSnapshot dropColumn(Statement.DropColumn drop) {
    TableSchema table = require(drop.table());
    if (table.ordinalOf(drop.column()).isEmpty() && drop.ifExists()) {
      return before;
    }
    int id = columnId(table, drop.column());
    if (table.primaryKey().columnIds().contains(id)) {
      throw SqlError.of(
          SqlStates.NOT_SUPPORTED,
          "column " + drop.column() + " is part of the primary key and cannot be dropped");
    }
    for (IndexSchema index : table.indexes()) {
      if (index.columnIds().contains(id)) {
        throw SqlError.of(
            "2BP01",
            "column " + drop.column() + " is part of index " + index.name() + ": drop that first");
      }
    }
    if (table.columns().size() == 1) {
      throw SqlError.of(
          SqlStates.NOT_SUPPORTED,
          "column " + drop.column() + " is the only one of table " + table.name());
    }
    List<ColumnSchema> columns = table.columns().stream().filter(c -> c.id() != id).toList();
    return before.withTable(altered(table, columns, table.lastColumnId()));
  }

  /** The schema in which nobody writes to the table, before its columns change. */
  public SchemaSnapshot beginAlteration(TableName name) {
    return before.withTable(require(name).inAlteration(true, before.version() + 1));
  }

  private TableSchema altered(TableSchema table, List<ColumnSchema> columns, int lastColumnId) {
    return new TableSchema(
        table.id(),
        table.schema(),
        table.name(),
        columns,
        table.primaryKey(),
        table.indexes(),
        before.version() + 1,
        lastColumnId,
        false);
  }

  /** The schema after CREATE SCHEMA. */
  public SchemaSnapshot createSchema(Statement.CreateSchema create) {
    if (!before.hasSchema(create.schema())) {
      return before.withSchema(create.schema());
    }
    if (create.ifNotExists()) {
      return before;
    }
    throw SqlError.of("42P06", "schema " + create.schema() + " exists already");
  }

  /** The schema after DROP SCHEMA. */
  public SchemaSnapshot dropSchema(Statement.DropSchema drop) {
    if (!before.hasSchema(drop.schema()) && drop.ifExists()) {
      return before;
    }
    requireSchema(drop.schema());
    if (!drop.cascade() && !before.tables(drop.schema()).isEmpty()) {
      throw SqlError.of(
          "2BP01", "schema " + drop.schema() + " has tables: drop them, or add CASCADE");
    }
    if (drop.schema().equalsIgnoreCase(SchemaSnapshot.DEFAULT_SCHEMA)) {
      throw SqlError.of(
          SqlStates.NOT_SUPPORTED, "schema " + drop.schema() + " is the default one and stays");
    }
    return before.withoutSchema(drop.schema());
  }

  private TableSchema withIndex(
      TableSchema table, Statement.NewIndex index, IndexSchema.State state) {
    if (table.index(index.name()).isPresent()) {
      throw SqlError.of(
          SqlStates.DUPLICATE_INDEX,
          "index " + index.name() + " exists already on table " + table.name());
    }
    List<Integer> columnIds = new ArrayList<>();
    for (String name : index.columns()) {
      int id = columnId(table, name);
      if (columnIds.contains(id)) {
        throw SqlError.of(
            SqlStates.DUPLICATE_COLUMN, "index " + index.name() + " names " + name + " twice");
      }
      columnIds.add(id);
    }
    List<IndexSchema> indexes = new ArrayList<>(table.indexes());
    indexes.add(new IndexSchema(ids.getAsLong(), index.name(), index.unique(), columnIds, state));
    return with(table, table.columns(), indexes);
  }

  private static int columnId(TableSchema table, String name) {
    return table.columns().stream()
        .filter(c -> c.name().equalsIgnoreCase(name))
        .findFirst()
        .map(ColumnSchema::id)
        .orElseThrow(
            () -> {
              List<String> known = table.columns().stream().map(ColumnSchema::name).toList();
              return SqlError.of(
                  SqlStates.UNKNOWN_COLUMN,
                  "column "
                      + name
                      + " does not exist in table "
                      + table.name()
                      + hint(name, known));
            });
  }

  private TableSchema with(
      TableSchema table, List<ColumnSchema> columns, List<IndexSchema> indexes) {
    return new TableSchema(
        table.id(),
        table.schema(),
        table.name(),
        columns,
        table.primaryKey(),
        indexes,
        before.version() + 1,
        table.lastColumnId(),
        table.altering());
  }

  private static ColumnSchema column(int id, Statement.NewColumn column) {
    return new ColumnSchema(
        id,
        column.name(),
        column.type(),
        column.nullable(),
        column.defaultSql(),
        column.autoIncrement());
  }

  private Optional<TableSchema> find(TableName name) {
    return before.table(name.schema(), name.name());
  }

  private TableSchema require(TableName name) {
    requireSchema(name.schema());
    return find(name).orElseThrow(() -> unknown(name));
  }

  private SqlError unknown(TableName name) {
    List<String> known = before.tables(name.schema()).stream().map(TableSchema::name).toList();
    return SqlError.of(
        SqlStates.UNKNOWN_TABLE,
        "table "
            + name.name()
            + " does not exist in schema "
            + name.schema()
            + hint(name.name(), known));
  }

  private static String hint(String name, List<String> known) {
    return Suggestions.closest(name, known).map(s -> "; did you mean " + s + "?").orElse("");
  }

  private void requireSchema(String name) {
    if (!before.hasSchema(name)) {
      throw SqlError.of("3F000", "schema " + name + " does not exist");
    }
  }

  private String schemaName(String name) {
    return before.schemas().stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
  }
}
