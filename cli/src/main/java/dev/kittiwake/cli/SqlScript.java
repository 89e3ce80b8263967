package dev.kittiwake.cli;

import java.util.ArrayList;
import java.util.List;

/** The statements of a text: separated by semicolons outside of quotes and comments. */
final class SqlScript {
  private SqlScript() {}

  static List<String> statements(String text) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int end = endOfUnit(text, at);
      boolean isComment = text.startsWith("--", at) || text.startsWith("/*", at);
      if (text.charAt(at) == ';') {
        add(statements, statement);
      } else if (isComment) {
        statement.append(' ');
      } else {
        statement.append(text, at, end);
      }
      at = end;
    }
    add(statements, statement);
    return statements;
  }

  private static void add(List<String> statements, StringBuilder statement) {
    String complete = statement.toString().trim();
    if (!complete.isEmpty()) {
      statements.add(complete);
    }
    statement.setLength(0);
  }

  /**
   * The end of what begins at {@code at} and is not to be looked into: a quoted part, a comment, or
   * one character.
   */
  private static int endOfUnit(String text, int at) {
    char first = text.charAt(at);
    if (first == '\'' || first == '"') {
      return behind(text, String.valueOf(first), at + 1);
    }
    if (text.startsWith("--", at)) {
      return behind(text, "\n", at);
    }
    if (text.startsWith("/*", at)) {
      return behind(text, "*/", at + 2);
    }
    return at + 1;
  }

  private static int behind(String text, String mark, int from) {
    int found = text.indexOf(mark, from);
    return found < 0 ? text.length() : found + mark.length();
  }
}
