package dev.kittiwake.sql.parser;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;

/**
 * What our statements look like after parsing, before any name is looked up. Queries and changes of
 * rows are Calcite's own nodes. Made by the generated parser, which is why the family is public.
 */
public sealed interface Syntax {
  record CreateTable(SqlIdentifier table, boolean ifNotExists, List<TableElement> elements)
      implements Syntax {}

  /** What may stand between the parentheses of CREATE TABLE. */
  sealed interface TableElement {}

  enum KeyKind {
    PRIMARY,
    UNIQUE,
    INDEX
  }

  /**
   * PRIMARY KEY (…), UNIQUE (…), INDEX (…).
   *
   * @param name null if the user gave none
   */
  record Key(KeyKind kind, SqlIdentifier name, List<SqlIdentifier> columns)
      implements TableElement {}

  /** FOREIGN KEY …: understood, and refused. */
  record ForeignKey(SqlIdentifier referenced) implements TableElement {}

  /**
   * A column while it is being parsed: options come in any order. Confined to the parser's thread.
   */
  final class Column implements TableElement {
    private final SqlIdentifier name;
    private final SqlDataTypeSpec type;
    private final List<String> options = new ArrayList<>();
    private SqlNode defaultValue; // null: none given
    private SqlIdentifier referenced; // null: no foreign key

    public Column(SqlIdentifier name, SqlDataTypeSpec type) {
      this.name = name;
      this.type = type;
    }

    public void notNull() {
      options.add("NOT NULL");
    }

    public void explicitlyNullable() {
      options.add("NULL");
    }

    public void primaryKey() {
      options.add("PRIMARY KEY");
    }

    public void unique() {
      options.add("UNIQUE");
    }

    public void autoIncrement() {
      options.add("AUTO_INCREMENT");
    }

    public void defaultsTo(SqlNode value) {
      defaultValue = value;
    }

    public void references(SqlIdentifier table) {
      referenced = table;
    }

    public SqlIdentifier name() {
      return name;
    }

    public SqlDataTypeSpec type() {
      return type;
    }

    public boolean has(String option) {
      return options.contains(option);
    }

    public SqlNode defaultValue() {
      return defaultValue;
    }

    public SqlIdentifier referenced() {
      return referenced;
    }

    @Override
    public String toString() {
      return name
          + " "
          + type
          + (options.isEmpty() ? "" : " " + String.join(" ", options))
          + (defaultValue == null ? "" : " DEFAULT " + defaultValue);
    }
  }

  record CreateSchema(SqlIdentifier schema, boolean ifNotExists) implements Syntax {}

  record CreateIndex(
      SqlIdentifier index,
      SqlIdentifier table,
      boolean unique,
      List<SqlIdentifier> columns,
      boolean ifNotExists)
      implements Syntax {}

  record DropTable(List<SqlIdentifier> tables, boolean ifExists) implements Syntax {}

  /** {@code index} may be qualified by a schema; {@code table} is null if there is no ON. */
  record DropIndex(SqlIdentifier index, SqlIdentifier table, boolean ifExists) implements Syntax {}

  record DropSchema(SqlIdentifier schema, boolean ifExists, boolean cascade) implements Syntax {}

  record TruncateTable(SqlIdentifier table) implements Syntax {}

  record AddColumn(SqlIdentifier table, Column column, boolean ifNotExists) implements Syntax {}

  record DropColumn(SqlIdentifier table, SqlIdentifier column, boolean ifExists)
      implements Syntax {}

  record AnalyzeTable(SqlIdentifier table) implements Syntax {}

  record Begin(boolean readOnly) implements Syntax {}

  record Commit() implements Syntax {}

  record Rollback() implements Syntax {}

  record SetSavepoint(SqlIdentifier name) implements Syntax {}

  record RollbackTo(SqlIdentifier name) implements Syntax {}

  record ReleaseSavepoint(SqlIdentifier name) implements Syntax {}

  /** {@code level} as in SQL: {@code READ COMMITTED}. */
  record SetIsolation(String level) implements Syntax {}

  /** {@code schema} is null if not given. */
  record ShowTables(SqlIdentifier schema) implements Syntax {}

  record ShowSchemas() implements Syntax {}

  record DescribeTable(SqlIdentifier table) implements Syntax {}

  record Use(SqlIdentifier schema) implements Syntax {}

  /** SELECT … FOR UPDATE. */
  record LockingQuery(SqlNode query, boolean nowait) implements Syntax {}

  /** EXPLAIN of a query (locking or not) or of a change of rows. */
  record Explain(SqlNode statement) implements Syntax {}
}
