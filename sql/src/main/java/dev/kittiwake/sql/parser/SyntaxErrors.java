package dev.kittiwake.sql.parser;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Turns the generated parser's failures into one line a user can act on. */
final class SyntaxErrors {
  private static final int MAX_EXPECTED = 8;

  private static final TreeSet<String> STATEMENTS =
      new TreeSet<>(
          List.of(
              "SELECT",
              "INSERT",
              "UPDATE",
              "DELETE",
              "UPSERT",
              "CREATE",
              "DROP",
              "ALTER",
              "TRUNCATE",
              "EXPLAIN",
              "BEGIN",
              "COMMIT",
              "ROLLBACK",
              "SAVEPOINT",
              "SHOW",
              "DESCRIBE",
              "USE",
              "SET"));

  private SyntaxErrors() {}

  static SqlError describe(String sql, SqlParseException e) {
    SqlParserPos at = e.getPos();
    if (at == null || at == SqlParserPos.ZERO) {
      return SqlError.of(SqlStates.SYNTAX, "syntax error: " + firstLine(e.getMessage()));
    }
    boolean atEnd = e.getMessage() != null && e.getMessage().startsWith("Encountered \"<EOF>\"");
    int offset = atEnd ? sql.length() : offsetOf(sql, at.getLineNum(), at.getColumnNum());
    String word = wordAt(sql, offset);
    TreeSet<String> expected = expected(e);
    String problem;
    if (word.equals(";")) {
      problem = "\";\": only one statement may be sent at a time";
    } else if (word.isEmpty()) {
      problem = "the statement ends too early" + hint(word, expected);
    } else if (e.getMessage().contains("Non-query expression")) {
      problem =
          STATEMENTS.contains(word.toUpperCase(Locale.ROOT))
              ? "this is no form of " + word + " that is known here"
              : "unexpected \"" + word + "\"" + hint(word, STATEMENTS);
    } else if (e.getExpectedTokenSequences() == null || e.getExpectedTokenSequences().length == 0) {
      problem = "near \"" + word + "\": " + firstLine(e.getMessage());
    } else {
      problem = "unexpected \"" + word + "\"" + hint(word, expected);
    }
    return SqlError.at(
        SqlStates.SYNTAX, offset + 1, "syntax error " + place(atEnd, at) + ": " + problem);
  }

  private static String place(boolean atEnd, SqlParserPos at) {
    return atEnd ? "at the end" : "at line " + at.getLineNum() + ", column " + at.getColumnNum();
  }

  private static String hint(String word, TreeSet<String> expected) {
    TreeSet<String> words = new TreeSet<>(expected);
    words.removeIf(w -> w.length() < 3 || !Character.isLetter(w.charAt(0)) || w.equals("a name"));
    Optional<String> similar =
        word.length() < 3 ? Optional.empty() : Suggestions.closest(word, words);
    if (similar.isPresent() && !similar.get().equalsIgnoreCase(word)) {
      return "; did you mean " + similar.get() + "?";
    }
    if (expected.isEmpty() || expected.size() > MAX_EXPECTED) {
      return "";
    }
    return "; expected " + String.join(" or ", expected);
  }

  private static TreeSet<String> expected(SqlParseException e) {
    TreeSet<String> words = new TreeSet<>();
    if (e.getExpectedTokenSequences() == null) {
      return words;
    }
    String[] images = e.getTokenImages();
    for (int[] sequence : e.getExpectedTokenSequences()) {
      if (sequence.length == 0) {
        continue;
      }
      String image = images[sequence[0]];
      words.add(
          switch (image) {
            case "<IDENTIFIER>", "<QUOTED_IDENTIFIER>", "<BACK_QUOTED_IDENTIFIER>" -> "a name";
            case "<EOF>" -> "the end";
            default -> image.replace("\"", "").replaceAll("[<>]", "");
          });
    }
    words.removeIf(w -> w.contains("IDENTIFIER"));
    return words;
  }

  private static String wordAt(String sql, int offset) {
    if (offset >= sql.length()) {
      return "";
    }
    int end = offset;
    while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
      end++;
    }
    return sql.substring(offset, Math.max(end, offset + 1));
  }

  /** Index into the text; lines and columns count from 1. */
  private static int offsetOf(String sql, int line, int column) {
    List<String> lines = sql.lines().toList();
    int offset = 0;
    for (int i = 0; i < line - 1 && i < lines.size(); i++) {
      offset = sql.indexOf('\n', offset) + 1;
    }
    return Math.min(offset + column - 1, sql.length());
  }

  private static String firstLine(String message) {
    return message == null ? "" : message.lines().findFirst().orElse("").toLowerCase(Locale.ROOT);
  }
}
