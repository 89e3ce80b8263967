package dev.kittiwake.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Executes one statement and prints what came of it. */
final class SqlPrinter {
  private SqlPrinter() {}

  static List<String> execute(
      SqlSession session, String sql, List<List<Object>> parameters, boolean batch) {
    try {
      ExecuteOptions options = new ExecuteOptions(0, 0, 0, true);
      if (batch) {
        BatchResult result = session.executeBatch(sql, parameters, options);
        return lines("changed " + Arrays.toString(result.updateCounts()), result.generatedKeys());
      }
      Result result =
          session.execute(sql, parameters.isEmpty() ? List.of() : parameters.get(0), options);
      if (result instanceof Result.Count count) {
        boolean silent = count.updateCount() == 0 && !sql.matches("(?is)(insert|update|delete).*");
        return lines(silent ? "ok" : "changed " + count.updateCount(), count.generatedKeys());
      }
      return rows((Result.Rows) result);
    } catch (SqlError e) {
      return List.of(
          "error "
              + e.sqlState()
              + (e.position() > 0 ? " at " + e.position() : "")
              + ": "
              + e.getMessage());
    }
  }

  private static List<String> lines(String first, GeneratedKeys keys) {
    List<String> lines = new ArrayList<>(List.of(first));
    for (Object[] row : keys.rows()) {
      lines.add("  " + keys.columns().get(0).name() + " = " + row[0]);
    }
    return lines;
  }

  private static List<String> rows(Result.Rows rows) {
    List<String> lines = new ArrayList<>();
    lines.add(
        rows.columns().stream().map(ColumnDescription::label).collect(Collectors.joining(" | ")));
    try (RowCursor cursor = rows.cursor()) {
      while (cursor.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < rows.columns().size(); i++) {
          values.add(text(cursor.value(i)));
        }
        lines.add("  " + String.join(" | ", values));
      }
    }
    return lines;
  }

  private static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return "x'" + java.util.HexFormat.of().formatHex(bytes) + "'";
    }
    return value == null ? "NULL" : value.toString();
  }
}
