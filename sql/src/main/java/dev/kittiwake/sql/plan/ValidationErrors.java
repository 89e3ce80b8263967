package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.ColumnSchema;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.parser.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;

/**
 * Turns what the validator objects to into errors with a SQLState and, for mistyped names, a
 * suggestion.
 */
final class ValidationErrors {
  private static final Pattern UNKNOWN_TABLE =
      Pattern.compile("(?:Object|Table) '([^']*)' not found(?: within '([^']*)')?.*");
  private static final Pattern UNKNOWN_COLUMN =
      Pattern.compile("(?:Column|Unknown target column) '([^']*)'(?: not found in .*)?.*");
  private static final Pattern UNKNOWN_FUNCTION =
      Pattern.compile("No match found for function signature (.*)");
  private static final Pattern VALUE_COUNT =
      Pattern.compile("Number of INSERT target columns \\((\\d+)\\).*source items \\((\\d+)\\)");
  private static final Pattern NOT_NULL =
      Pattern.compile("Column '([^']*)' has no default value and does not allow NULLs");

  private ValidationErrors() {}

  static SqlError describe(String sql, CalciteContextException e, Catalog catalog, String schema) {
    String message = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
    int position = position(sql, e.getPosLine(), e.getPosColumn());
    Matcher notNull = NOT_NULL.matcher(message);
    if (notNull.matches()) {
      return SqlError.at(SqlStates.NOT_NULL, position, missingValue(notNull.group(1)));
    }
    Matcher table = UNKNOWN_TABLE.matcher(message);
    if (table.matches()) {
      int behind = position - 1 + table.group(1).length();
      boolean qualifies =
          message.startsWith("Object")
              && position > 0
              && behind < sql.length()
              && sql.charAt(behind) == '.';
      if (qualifies) {
        return SqlError.at("3F000", position, "schema " + table.group(1) + " does not exist");
      }
      if (message.startsWith("Table")) {
        return SqlError.at(
            SqlStates.UNKNOWN_TABLE,
            position,
            table.group(1) + " is neither a table nor an alias of this query");
      }
      String within = table.group(2) == null ? schema : table.group(2);
      return unknownTable(catalog, within, table.group(1), position);
    }
    Matcher column = UNKNOWN_COLUMN.matcher(message);
    if (column.matches() && (message.contains("not found") || message.startsWith("Unknown"))) {
      return unknownColumn(catalog, schema, sql, column.group(1), position);
    }
    Matcher function = UNKNOWN_FUNCTION.matcher(message);
    if (function.matches()) {
      return SqlError.at("42883", position, "function " + function.group(1) + " does not exist");
    }
    Matcher counts = VALUE_COUNT.matcher(message);
    if (counts.matches()) {
      return SqlError.at(
          "21S01",
          position,
          "INSERT names " + counts.group(1) + " columns but gives " + counts.group(2) + " values");
    }
    String state =
        message.contains("ambiguous") ? "42702" : message.contains("grouped") ? "42803" : "42000";
    return SqlError.at(
        state,
        position,
        message + " (line " + e.getPosLine() + ", column " + e.getPosColumn() + ")");
  }

  static String missingValue(String column) {
    return "column " + column + " needs a value: it is NOT NULL and has no default";
  }

  static SqlError unknownTable(Catalog catalog, String schema, String name, int position) {
    List<String> known = catalog.tables(schema).stream().map(TableSchema::name).toList();
    boolean schemaKnown = catalog.schemas().stream().anyMatch(s -> s.equalsIgnoreCase(schema));
    if (!schemaKnown && catalog.schemas().stream().noneMatch(s -> s.equalsIgnoreCase(name))) {
      return SqlError.at("3F000", position, "schema " + schema + " does not exist");
    }
    return SqlError.at(
        SqlStates.UNKNOWN_TABLE,
        position,
        "table " + name + " does not exist in schema " + schema + suggestion(name, known));
  }

  private static SqlError unknownColumn(
      Catalog catalog, String schema, String sql, String name, int position) {
    List<String> known = new ArrayList<>();
    String text = sql.toLowerCase(java.util.Locale.ROOT);
    for (TableSchema table : catalog.tables(schema)) {
      if (text.contains(table.name().toLowerCase(java.util.Locale.ROOT))) {
        table.columns().stream().map(ColumnSchema::name).forEach(known::add);
      }
    }
    return unknownColumn(name, known, position);
  }

  static SqlError unknownColumn(String name, List<String> known, int position) {
    return SqlError.at(
        SqlStates.UNKNOWN_COLUMN,
        position,
        "column " + name + " does not exist" + suggestion(name, known));
  }

  private static String suggestion(String name, List<String> known) {
    return Suggestions.closest(name, known).map(s -> "; did you mean " + s + "?").orElse("");
  }

  /** Place in the text from 1; 0 if the validator names none. */
  private static int position(String sql, int line, int column) {
    if (line < 1) {
      return 0;
    }
    int offset = 0;
    for (int i = 1; i < line; i++) {
      offset = sql.indexOf('\n', offset) + 1;
    }
    return offset + column;
  }
}
