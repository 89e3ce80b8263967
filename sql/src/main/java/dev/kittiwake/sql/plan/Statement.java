package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableName;
import java.util.List;
import java.util.Optional;

/**
 * One planned statement: what a session carries out. Immutable; {@link Planned} ones are fit for
 * the plan cache.
 */
public sealed interface Statement {

  /**
   * A statement whose parameters may be given, and which holds for one version of the schema only.
   */
  sealed interface Planned extends Statement {
    /** The plan to run. */
    PhysicalPlan plan();

    /**
     * The type each {@code ?} must have, in their order; values are converted to it before
     * execution.
     */
    List<SqlType> parameters();
  }

  /**
   * Yields rows.
   *
   * @param columns what the user sees, one per column of the plan
   * @param locking whether it takes locks (FOR UPDATE): not for read-only sessions
   */
  record Query(
      PhysicalPlan plan, List<ResultColumn> columns, List<SqlType> parameters, boolean locking)
      implements Planned {}

  /**
   * A column of a query's result.
   *
   * @param label the alias or name
   * @param schema of the table the column is taken from unchanged; empty text for expressions, like
   *     the next two
   */
  record ResultColumn(
      String label,
      String schema,
      String table,
      String column,
      SqlType type,
      boolean nullable,
      boolean autoIncrement) {}

  /** Changes rows and yields a count. */
  record Modify(PhysicalPlan.Modification plan, List<SqlType> parameters) implements Planned {}

  /** Yields the lines of text (one column, {@code PLAN}) that describe a plan; runs nothing. */
  record Explain(List<String> lines) implements Statement {}

  /** Changes the schema; commits an open transaction before and is never rolled back. */
  sealed interface Ddl extends Statement {}

  /**
   * A table to be made.
   *
   * @param primaryKey ordinals of the key columns; empty: hidden row id
   */
  record CreateTable(
      TableName table,
      boolean ifNotExists,
      List<NewColumn> columns,
      List<Integer> primaryKey,
      List<NewIndex> indexes)
      implements Ddl {}

  /** A column to be made; see {@link dev.kittiwake.sql.catalog.ColumnSchema}. */
  record NewColumn(
      String name,
      SqlType type,
      boolean nullable,
      Optional<String> defaultSql,
      boolean autoIncrement) {}

  /** An index to be made. */
  record NewIndex(String name, boolean unique, List<String> columns) {}

  /** DROP TABLE. */
  record DropTable(List<TableName> tables, boolean ifExists) implements Ddl {}

  /** TRUNCATE TABLE: gives the table a new id and forgets the rows. */
  record TruncateTable(TableName table) implements Ddl {}

  /** CREATE INDEX. */
  record CreateIndex(TableName table, NewIndex index, boolean ifNotExists) implements Ddl {}

  /** DROP INDEX; without {@code table} the name must be unique in the schema. */
  record DropIndex(String schema, Optional<TableName> table, String index, boolean ifExists)
      implements Ddl {}

  /** ALTER TABLE … ADD COLUMN. */
  record AddColumn(TableName table, NewColumn column, boolean ifNotExists) implements Ddl {}

  /** ALTER TABLE … DROP COLUMN. */
  record DropColumn(TableName table, String column, boolean ifExists) implements Ddl {}

  /** CREATE SCHEMA. */
  record CreateSchema(String schema, boolean ifNotExists) implements Ddl {}

  /** DROP SCHEMA; {@code cascade} drops its tables too, otherwise it must be empty. */
  record DropSchema(String schema, boolean ifExists, boolean cascade) implements Ddl {}

  /** Counts the rows of a table for the planner. */
  record AnalyzeTable(TableName table) implements Ddl {}

  /** Begins and ends transactions; carried out by the session. */
  sealed interface TransactionControl extends Statement {}

  /** BEGIN, START TRANSACTION. */
  record Begin(boolean readOnly) implements TransactionControl {}

  /** COMMIT. */
  record Commit() implements TransactionControl {}

  /** ROLLBACK. */
  record Rollback() implements TransactionControl {}

  /** SAVEPOINT name. */
  record SetSavepoint(String name) implements TransactionControl {}

  /** ROLLBACK TO SAVEPOINT name. */
  record RollbackTo(String name) implements TransactionControl {}

  /** RELEASE SAVEPOINT name. */
  record ReleaseSavepoint(String name) implements TransactionControl {}

  /**
   * SET name = value, and SET TRANSACTION ISOLATION LEVEL … (name {@code transaction_isolation}).
   *
   * @param value a String, BigDecimal or Boolean
   */
  record SetOption(String name, Object value) implements Statement {}

  /** USE schema: the schema for names without one. */
  record Use(String schema) implements Statement {}

  /** SHOW TABLES [FROM schema]. */
  record ShowTables(String schema) implements Statement {}

  /** SHOW SCHEMAS. */
  record ShowSchemas() implements Statement {}

  /** DESCRIBE table: its columns and keys. */
  record DescribeTable(TableName table) implements Statement {}
}
