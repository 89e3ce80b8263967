package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.SchemaChanges;
import dev.kittiwake.sql.catalog.SchemaSnapshot;
import dev.kittiwake.sql.catalog.TableSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs statements against a schema that exists in memory only. DDL changes the schema and prints
 * nothing (with {@code show:} before it, it prints the statement as understood); every other
 * statement prints its plan, or the statement. A statement may span lines and ends with a
 * semicolon. {@code schema FILE;} loads a file of statements, {@code rows TABLE N;} sets a row
 * count, {@code slow: STATEMENT} plans without the fast path, {@code fast: STATEMENT} insists on
 * it, {@code types: STATEMENT} prints columns and parameters.
 */
final class PlanSession {
  private final Planner planner = new Planner();
  private final AtomicLong ids = new AtomicLong(100);
  private SchemaSnapshot catalog = SchemaSnapshot.EMPTY;

  List<String> run(List<String> lines) {
    List<String> out = new ArrayList<>();
    for (String statement : statements(lines)) {
      try {
        out.addAll(execute(statement));
      } catch (SqlError e) {
        out.add(
            "error "
                + e.sqlState()
                + (e.position() > 0 ? " at " + e.position() : "")
                + ": "
                + e.getMessage());
      }
    }
    return out;
  }

  SchemaSnapshot catalog() {
    return catalog;
  }

  static List<String> statements(List<String> lines) {
    List<String> all = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    for (String line : lines) {
      if (line.strip().startsWith("--")) {
        continue;
      }
      open.append(open.isEmpty() ? "" : "\n").append(line.stripTrailing());
      if (line.stripTrailing().endsWith(";")) {
        all.add(open.substring(0, open.length() - 1).strip());
        open.setLength(0);
      }
    }
    if (!open.toString().isBlank()) {
      all.add(open.toString().strip());
    }
    return all;
  }

  private List<String> execute(String text) {
    if (text.startsWith("schema ")) {
      load(text.substring("schema ".length()).strip());
      return List.of();
    }
    if (text.startsWith("rows ")) {
      String[] words = text.split(" +");
      TableSchema table = catalog.table("public", words[1]).orElseThrow();
      catalog = catalog.withRowCount(table.id(), Long.parseLong(words[2]));
      return List.of();
    }
    if (text.startsWith("slow: ") || text.startsWith("fast: ")) {
      return onOnePath(text.startsWith("fast"), text.substring(6));
    }
    if (text.startsWith("types: ")) {
      return types(plan(text.substring(7)));
    }
    boolean show = text.startsWith("show: ");
    Statement statement = plan(show ? text.substring(6) : text);
    if (statement instanceof Statement.Ddl ddl) {
      apply(ddl);
      return show ? List.of(ddl.toString()) : List.of();
    }
    return print(statement);
  }

  Statement plan(String sql) {
    return planner.plan(sql, catalog, "public", List.of());
  }

  private List<String> onOnePath(boolean fast, String sql) {
    org.apache.calcite.sql.SqlNode node =
        new dev.kittiwake.sql.parser.StatementParser(KittiwakeConformance.INSTANCE).parse(sql);
    java.util.Optional<LockWait> lock = java.util.Optional.empty();
    if (node instanceof dev.kittiwake.sql.parser.StatementNode s
        && s.syntax() instanceof dev.kittiwake.sql.parser.Syntax.LockingQuery query) {
      lock = java.util.Optional.of(LockWait.DEFAULT);
      node = query.query();
    }
    if (fast) {
      return new FastPath(catalog, "public", List.of())
          .plan(node, lock)
          .map(PlanSession::print)
          .orElse(List.of("not for the fast path"));
    }
    return print(
        new SlowPath(sql, new CatalogSchemas(catalog), "public", List.of()).plan(node, lock));
  }

  static List<String> print(Statement statement) {
    if (statement instanceof Statement.Planned planned) {
      return ExplainText.of(planned.plan());
    }
    if (statement instanceof Statement.Explain explain) {
      return explain.lines();
    }
    return List.of(statement.toString());
  }

  private static List<String> types(Statement statement) {
    List<String> out = new ArrayList<>();
    if (statement instanceof Statement.Query query) {
      query
          .columns()
          .forEach(
              c ->
                  out.add(
                      c.label()
                          + " "
                          + c.type()
                          + (c.nullable() ? "" : " not null")
                          + (c.table().isEmpty() ? "" : " from " + c.table() + "." + c.column())));
    }
    out.add("parameters " + ((Statement.Planned) statement).parameters());
    return out;
  }

  void load(String file) {
    try {
      for (String statement :
          statements(Files.readAllLines(Path.of("src/test/resources/plans").resolve(file)))) {
        apply((Statement.Ddl) plan(statement));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void apply(Statement.Ddl ddl) {
    SchemaChanges changes = new SchemaChanges(catalog, ids::incrementAndGet);
    if (ddl instanceof Statement.CreateTable create) {
      catalog = changes.createTable(create);
    } else if (ddl instanceof Statement.CreateIndex create) {
      catalog = changes.createIndex(create, IndexSchema.State.PUBLIC);
    } else if (ddl instanceof Statement.DropTable drop) {
      catalog = changes.dropTable(drop);
    } else if (ddl instanceof Statement.DropIndex drop) {
      catalog = changes.dropIndex(drop);
    } else if (ddl instanceof Statement.AddColumn add) {
      catalog = changes.addColumn(add);
    } else if (ddl instanceof Statement.CreateSchema create) {
      catalog = changes.createSchema(create);
    } else if (ddl instanceof Statement.TruncateTable truncate) {
      catalog = changes.truncate(truncate.table());
    } else if (ddl instanceof Statement.DropSchema drop) {
      catalog = changes.dropSchema(drop);
    }
  }
}
