package dev.kittiwake.sql.service;

import java.util.Locale;
import java.util.Set;

/**
 * Which statements may have committed something when their answer is lost. Judged by the first
 * word; when in doubt, yes: reporting "unknown" too often is safe, too seldom is not. Pure.
 */
final class CommittingStatements {
  private static final Set<String> READS =
      Set.of(
          "SELECT",
          "VALUES",
          "WITH",
          "EXPLAIN",
          "SHOW",
          "DESCRIBE",
          "DESC",
          "SET",
          "USE",
          "ROLLBACK");
  private static final Set<String> ROW_CHANGES =
      Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "UPSERT", "REPLACE");

  private CommittingStatements() {}

  /** {@code alone}: no transaction is open, so that a change commits with its statement. */
  static boolean mayCommit(String sql, boolean alone) {
    String verb = firstWord(sql);
    if (READS.contains(verb)) {
      return false;
    }
    return alone || !ROW_CHANGES.contains(verb); // COMMIT, BEGIN, DDL, what we do not know
  }

  private static String firstWord(String sql) {
    int start = 0;
    while (start < sql.length() && !Character.isLetter(sql.charAt(start))) {
      start++;
    }
    int end = start;
    while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
      end++;
    }
    return sql.substring(start, end).toUpperCase(Locale.ROOT);
  }
}
