package dev.kittiwake.jdbc;

import dev.kittiwake.sql.ColumnDescription;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What can be known of a statement without asking the session. It depends on the text alone, so it
 * may be kept for as long as one likes. Confined to one connection.
 */
final class PreparedText {
  private static final Set<String> ROWS =
      Set.of("SELECT", "VALUES", "WITH", "EXPLAIN", "SHOW", "DESCRIBE", "DESC", "TABLE", "(");

  private final String sql;
  private final int parameterCount;
  private final boolean returnsRows;
  private final boolean insert;
  private ColumnIndex columnIndex; // of the last result; replaced when the columns change

  private PreparedText(String sql, int parameterCount, String verb) {
    this.sql = sql;
    this.parameterCount = parameterCount;
    this.returnsRows = ROWS.contains(verb);
    this.insert = verb.equals("INSERT");
  }

  static PreparedText of(String sql) {
    int parameters = 0;
    String verb = "";
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      int next = pastQuoteOrComment(sql, at);
      if (next > at) {
        at = next;
      } else if (verb.isEmpty() && !Character.isWhitespace(c)) {
        int end = wordEnd(sql, at);
        verb = sql.substring(at, end).toUpperCase(Locale.ROOT);
        at = end;
      } else {
        parameters += c == '?' ? 1 : 0;
        at++;
      }
    }
    return new PreparedText(sql, parameters, verb);
  }

  private static int wordEnd(String sql, int start) {
    int end = start;
    while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
      end++;
    }
    return Math.max(end, start + 1);
  }

  /** Where the quoted text or comment that starts at {@code at} ends; {@code at} if none does. */
  private static int pastQuoteOrComment(String sql, int at) {
    char c = sql.charAt(at);
    if (c == '\'' || c == '"' || c == '`') {
      int end = sql.indexOf(c, at + 1); // a doubled quote reads as two quoted texts: same result
      return end < 0 ? sql.length() : end + 1;
    }
    if (sql.startsWith("--", at) || sql.startsWith("//", at)) {
      int end = sql.indexOf('\n', at);
      return end < 0 ? sql.length() : end + 1;
    }
    if (sql.startsWith("/*", at) && !sql.startsWith("/*+", at)) {
      int end = sql.indexOf("*/", at + 2);
      return end < 0 ? sql.length() : end + 2;
    }
    return at;
  }

  String sql() {
    return sql;
  }

  /** Number of {@code ?} outside quotes and comments. */
  int parameterCount() {
    return parameterCount;
  }

  /** Judged by the first word. */
  boolean returnsRows() {
    return returnsRows;
  }

  boolean isInsert() {
    return insert;
  }

  /** Column numbers by label; made once as long as the session gives the same columns. */
  ColumnIndex columnIndex(List<ColumnDescription> columns) {
    ColumnIndex index = columnIndex;
    if (index == null || !index.isOf(columns)) {
      index = new ColumnIndex(columns);
      columnIndex = index;
    }
    return index;
  }
}
