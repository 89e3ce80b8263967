package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.parser.StatementNode;
import dev.kittiwake.sql.parser.StatementParser;
import dev.kittiwake.sql.parser.Syntax;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSetOption;

/**
 * From SQL text to a {@link Statement}. Statements that get or change rows of one table by key take
 * {@link FastPath}; the others go through Calcite. Thread-safe; plans are pure functions of their
 * arguments, so callers may cache them by (text, schema, catalog version, parameter types).
 */
public final class Planner {
  private final StatementParser parser = new StatementParser(KittiwakeConformance.INSTANCE);
  private volatile CatalogSchemas latest; // of the catalog planned with last; null before

  /**
   * Plans one statement.
   *
   * @param schema for names without one
   * @param parameterTypes types of the values given, by parameter; empty or with nulls where
   *     unknown
   * @throws SqlError 42601 syntax, 42S02 unknown table, 42S22 unknown column, 0A000 not supported,
   *     …
   */
  public Statement plan(String sql, Catalog catalog, String schema, List<SqlType> parameterTypes) {
    SqlNode node = parser.parse(sql);
    try {
      return plan(sql, node, catalog, schema, parameterTypes);
    } catch (CalciteException e) {
      throw SqlError.of("42000", e.getMessage(), e);
    } catch (UnsupportedOperationException | AssertionError e) {
      throw SqlError.of(
          SqlStates.NOT_SUPPORTED, "the statement uses SQL that is not supported yet", e);
    }
  }

  private Statement plan(
      String sql, SqlNode node, Catalog catalog, String schema, List<SqlType> types) {
    if (node instanceof StatementNode statement) {
      if (statement.syntax() instanceof Syntax.Explain explain) {
        Statement explained = plan(sql, explain.statement(), catalog, schema, types);
        return new Statement.Explain(ExplainText.of(((Statement.Planned) explained).plan()));
      }
      if (statement.syntax() instanceof Syntax.LockingQuery query) {
        LockWait wait = query.nowait() ? LockWait.NOWAIT : LockWait.DEFAULT;
        return planned(sql, query.query(), Optional.of(wait), catalog, schema, types);
      }
      return new StatementBinder(catalog, schema).bind(statement.syntax());
    }
    if (node instanceof SqlSetOption option) {
      return StatementBinder.setOption(option);
    }
    return planned(sql, node, Optional.empty(), catalog, schema, types);
  }

  private Statement planned(
      String sql,
      SqlNode node,
      Optional<LockWait> lock,
      Catalog catalog,
      String schema,
      List<SqlType> types) {
    if (!node.isA(SqlKind.QUERY) && !node.isA(SqlKind.DML)) {
      throw SqlError.of(
          SqlStates.SYNTAX, "this is not a statement that can be executed: " + node.getKind());
    }
    Optional<Statement> fast = new FastPath(catalog, schema, types).plan(node, lock);
    return fast.orElseGet(
        () -> new SlowPath(sql, schemas(catalog), schema, types).plan(node, lock));
  }

  private CatalogSchemas schemas(Catalog catalog) {
    CatalogSchemas known = latest;
    if (known == null || known.catalog() != catalog) {
      known = new CatalogSchemas(catalog);
      latest = known;
    }
    return known;
  }

  /** The result column that shows a table's column unchanged. */
  static Statement.ResultColumn resultColumn(String label, TableSchema table, int ordinal) {
    OptionalInt auto = table.autoIncrementOrdinal();
    return new Statement.ResultColumn(
        label,
        table.schema(),
        table.name(),
        table.nameOf(ordinal),
        table.typeOf(ordinal),
        table.nullable(ordinal),
        auto.isPresent() && auto.getAsInt() == ordinal);
  }
}
