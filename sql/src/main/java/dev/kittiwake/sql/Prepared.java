package dev.kittiwake.sql;

import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.ColumnSchema;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.exec.CompiledQuery;
import dev.kittiwake.sql.exec.Modifier;
import dev.kittiwake.sql.expr.Values;
import dev.kittiwake.sql.plan.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A planned and compiled statement for one version of the schema. Immutable, shared by sessions.
 */
final class Prepared {
  final Statement statement;
  final Catalog catalog; // the schema it was planned for
  final SqlType[] parameters;
  final CompiledQuery query; // null unless it gives rows of a plan
  final Modifier modifier; // null unless it changes rows
  final List<ColumnDescription> columns; // of a query
  final SqlType[] columnTypes;

  Prepared(Statement statement, Catalog catalog) {
    this.statement = statement;
    this.catalog = catalog;
    this.parameters =
        statement instanceof Statement.Planned planned
            ? planned.parameters().toArray(new SqlType[0])
            : new SqlType[0];
    if (statement instanceof Statement.Query select) {
      this.query = CompiledQuery.compile(select.plan());
      this.columns = select.columns().stream().map(Descriptions::of).toList();
      this.columnTypes =
          select.columns().stream().map(Statement.ResultColumn::type).toArray(SqlType[]::new);
    } else {
      this.query = null;
      this.columns = List.of();
      this.columnTypes = new SqlType[0];
    }
    this.modifier =
        statement instanceof Statement.Modify modify ? Modifier.compile(modify.plan()) : null;
  }

  /**
   * The parameters in the engine's classes.
   *
   * @throws SqlError 07001 if their number is wrong; 22xxx if one cannot be converted
   */
  Object[] bind(List<Object> values) {
    if (values.size() != parameters.length) {
      throw SqlError.of(
          "07001",
          "the statement has "
              + parameters.length
              + (parameters.length == 1 ? " parameter, but " : " parameters, but ")
              + values.size()
              + (values.size() == 1 ? " value was given" : " values were given"));
    }
    Object[] bound = new Object[parameters.length];
    for (int i = 0; i < bound.length; i++) {
      try {
        bound[i] = Values.fromUser(values.get(i), parameters[i]);
      } catch (SqlError e) {
        throw SqlError.of(e.sqlState(), "parameter " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return bound;
  }

  boolean isInsert() {
    return statement instanceof Statement.Modify modify
        && modify.plan() instanceof dev.kittiwake.sql.plan.PhysicalPlan.Insert;
  }

  /** The identity column of the table that an INSERT fills; empty if it has none. */
  List<ColumnDescription> generatedColumns() {
    if (modifier == null) {
      return List.of();
    }
    TableSchema table = modifier.table();
    if (table.autoIncrementOrdinal().isEmpty()) {
      return List.of();
    }
    ColumnSchema column = table.columns().get(table.autoIncrementOrdinal().getAsInt());
    return List.of(Descriptions.of(table, column));
  }

  StatementDescription describe() {
    List<ColumnDescription> described = new ArrayList<>();
    for (int i = 0; i < parameters.length; i++) {
      described.add(Descriptions.parameter(i + 1, parameters[i]));
    }
    return new StatementDescription(columns, described, modifier != null);
  }
}
