package dev.kittiwake.sql;

import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.ColumnSchema;
import dev.kittiwake.sql.catalog.TableName;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.plan.Statement;
import java.util.ArrayList;
import java.util.List;

/** Statements that are about the session, the schema or the plan rather than rows. */
final class SessionCommands {
  private static final Result DONE = new Result.Count(0, GeneratedKeys.NONE);

  private final Session session;
  private final SqlEngine engine;

  SessionCommands(Session session, SqlEngine engine) {
    this.session = session;
    this.engine = engine;
  }

  Result run(Statement statement) {
    if (statement instanceof Statement.Ddl ddl) {
      session.beforeSchemaChange();
      engine.execute(ddl);
      return DONE;
    }
    if (statement instanceof Statement.TransactionControl control) {
      control(control);
      return DONE;
    }
    if (statement instanceof Statement.SetOption option) {
      set(SessionSettings.plain(option.name()), option.value());
      return DONE;
    }
    if (statement instanceof Statement.Use use) {
      use(use.schema());
      return DONE;
    }
    return shown(statement);
  }

  private void control(Statement.TransactionControl control) {
    if (control instanceof Statement.Begin begin) {
      session.begin(begin.readOnly());
    } else if (control instanceof Statement.Commit) {
      session.commit();
    } else if (control instanceof Statement.Rollback) {
      session.rollback();
    } else if (control instanceof Statement.SetSavepoint set) {
      session.savepoint(set.name());
    } else if (control instanceof Statement.RollbackTo to) {
      session.rollbackTo(session.savepointNamed(to.name()));
    } else if (control instanceof Statement.ReleaseSavepoint release) {
      session.release(session.savepointNamed(release.name()));
    }
  }

  private void set(String name, Object value) {
    switch (name) {
      case "transaction_isolation" -> session.setIsolation(SessionSettings.isolation(value));
      case "transaction_read_only" -> session.setReadOnly(SessionSettings.truth(name, value));
      case "autocommit" -> session.setAutoCommit(SessionSettings.truth(name, value));
      case "schema" -> use(String.valueOf(value));
      default -> session.settings().set(name, value);
    }
  }

  private void use(String schema) {
    for (String known : engine.refreshedCatalog().schemas()) {
      if (known.equalsIgnoreCase(schema)) {
        session.setSchema(known);
        return;
      }
    }
    throw SqlError.of("3F000", "there is no schema " + schema);
  }

  /** The columns of a statement that shows something; none for the others. */
  static List<ColumnDescription> columns(Statement statement) {
    List<String> names;
    if (statement instanceof Statement.Explain) {
      names = List.of("PLAN");
    } else if (statement instanceof Statement.ShowTables) {
      names = List.of("TABLE_NAME");
    } else if (statement instanceof Statement.ShowSchemas) {
      names = List.of("SCHEMA_NAME");
    } else if (statement instanceof Statement.DescribeTable) {
      names = List.of("COLUMN_NAME", "TYPE", "NULLABLE", "KEY", "DEFAULT", "EXTRA");
    } else {
      names = List.of();
    }
    return names.stream().map(Descriptions::text).toList();
  }

  private Result shown(Statement statement) {
    List<Object[]> rows = new ArrayList<>();
    if (statement instanceof Statement.Explain explain) {
      explain.lines().forEach(line -> rows.add(new Object[] {line}));
    } else if (statement instanceof Statement.ShowTables show) {
      engine
          .refreshedCatalog()
          .tables(show.schema())
          .forEach(table -> rows.add(new Object[] {table.name()}));
    } else if (statement instanceof Statement.ShowSchemas) {
      engine.refreshedCatalog().schemas().forEach(name -> rows.add(new Object[] {name}));
    } else if (statement instanceof Statement.DescribeTable describe) {
      describe(describe.table(), rows);
    } else {
      throw SqlError.of(SqlStates.NOT_SUPPORTED, "this statement is not supported in a session");
    }
    return new Result.Rows(columns(statement), new ListCursor(rows));
  }

  private void describe(TableName name, List<Object[]> rows) {
    Catalog catalog = engine.refreshedCatalog();
    TableSchema table =
        catalog
            .table(name.schema(), name.name())
            .orElseThrow(() -> SqlError.of(SqlStates.UNKNOWN_TABLE, "there is no table " + name));
    List<Integer> key = table.primaryKey().columnIds();
    for (ColumnSchema column : table.columns()) {
      rows.add(
          new Object[] {
            column.name(),
            column.type().toString(),
            column.nullable() ? "YES" : "NO",
            key.contains(column.id()) ? "PRI" : indexed(table, column),
            column.defaultSql().orElse(null),
            column.autoIncrement() ? "auto_increment" : ""
          });
    }
  }

  /** UNI for the only column of a unique index, MUL for the first of another. */
  private static String indexed(TableSchema table, ColumnSchema column) {
    String found = "";
    for (var index : table.indexes()) {
      if (index.columnIds().get(0) == column.id()) {
        if (index.unique() && index.columnIds().size() == 1) {
          return "UNI";
        }
        found = "MUL";
      }
    }
    return found;
  }
}
