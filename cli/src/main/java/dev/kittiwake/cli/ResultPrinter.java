package dev.kittiwake.cli;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a result as a table for people or as comma-separated values for programs. */
enum ResultPrinter {
  TABLE {
    @Override
    void print(ResultSet rows, PrintWriter out) throws SQLException {
      List<String[]> lines = new ArrayList<>();
      lines.add(header(rows));
      for (String[] line = next(rows); line != null; line = next(rows)) {
        lines.add(line);
      }
      int[] widths = new int[lines.get(0).length];
      for (String[] line : lines) {
        for (int i = 0; i < line.length; i++) {
          widths[i] = Math.max(widths[i], shown(line[i]).length());
        }
      }
      String rule = rule(widths);
      out.println(rule);
      for (int row = 0; row < lines.size(); row++) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
          line.append(
              String.format(
                  Locale.ROOT, " %-" + Math.max(1, widths[i]) + "s |", shown(lines.get(row)[i])));
        }
        out.println(line);
        if (row == 0) {
          out.println(rule);
        }
      }
      out.println(rule);
    }
  },
  CSV {
    @Override
    void print(ResultSet rows, PrintWriter out) throws SQLException {
      for (String[] line = header(rows); line != null; line = next(rows)) {
        StringBuilder text = new StringBuilder();
        for (String value : line) {
          text.append(text.length() == 0 ? "" : ",").append(value == null ? "" : quoted(value));
        }
        out.println(text);
      }
    }
  };

  /** Reads {@code rows} to their end. */
  abstract void print(ResultSet rows, PrintWriter out) throws SQLException;

  private static String shown(String value) {
    return value == null ? "null" : value;
  }

  private static String rule(int[] widths) {
    StringBuilder rule = new StringBuilder("+");
    for (int width : widths) {
      rule.append("-".repeat(Math.max(1, width) + 2)).append('+');
    }
    return rule.toString();
  }

  private static String quoted(String value) {
    return value.matches("[^\",\r\n]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
  }

  private static String[] header(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    String[] line = new String[columns.getColumnCount()];
    for (int i = 0; i < line.length; i++) {
      line[i] = columns.getColumnLabel(i + 1);
    }
    return line;
  }

  /** The next row as text, or null at the end. */
  private static String[] next(ResultSet rows) throws SQLException {
    if (!rows.next()) {
      return null;
    }
    String[] line = new String[rows.getMetaData().getColumnCount()];
    for (int i = 0; i < line.length; i++) {
      line[i] = rows.getString(i + 1);
    }
    return line;
  }
}
