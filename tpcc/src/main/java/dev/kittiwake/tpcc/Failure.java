package dev.kittiwake.tpcc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;

/**
 * What an error means for the transaction it ended. The SQLState decides, wherever in the chain of
 * causes it stands.
 *
 * @param state the SQLState, empty if there is none
 * @param cause short text to count by: the SQLState and what it stands for
 * @param example the error's own first line
 */
record Failure(Verdict verdict, String state, String cause, String example) {
  enum Verdict {
    /** Certainly not committed; the connection is good: try again. */
    CONFLICT,
    /**
     * Certainly not committed; the connection or the server is not well: try again on another
     * connection.
     */
    CONNECTION,
    /** The commit may have happened or not: do not try again. */
    UNDETERMINED,
    /** Trying again would fail again. */
    PERMANENT
  }

  /**
   * Judges an error.
   *
   * @param committing whether it was the answer to a commit: then only an error that names a
   *     refusal proves that nothing was committed
   */
  static Failure of(SQLException error, boolean committing) {
    String state = state(error);
    Verdict verdict = verdict(error, state);
    if (committing && !refused(state)) {
      verdict = Verdict.UNDETERMINED;
    }
    String shown = state.isEmpty() ? "no SQLState" : state;
    return new Failure(
        verdict, state, shown + " " + meaning(state, verdict), TpccException.oneLine(error));
  }

  private static String state(SQLException error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        // a batch reports its first failure as the next exception when its own state says nothing
        for (SQLException e = sql; e != null; e = e.getNextException()) {
          if (e.getSQLState() != null && !e.getSQLState().isBlank()) {
            return e.getSQLState();
          }
        }
      }
    }
    return "";
  }

  private static Verdict verdict(SQLException error, String state) {
    if (state.equals("08007") || state.equals("40003")) {
      return Verdict.UNDETERMINED;
    }
    if (state.startsWith("08") || state.startsWith("57P")) {
      return Verdict.CONNECTION;
    }
    if (state.startsWith("40") || lockTimeout(state) || state.equals("90131")) {
      return Verdict.CONFLICT; // 90131: H2's row changed under a concurrent update
    }
    if (error instanceof SQLRecoverableException
        || error instanceof SQLNonTransientConnectionException
        || error instanceof SQLTransientConnectionException
        || state.startsWith("53")) {
      return Verdict.CONNECTION;
    }
    if (error instanceof SQLTransientException || state.equals("57014")) {
      return Verdict.CONFLICT;
    }
    return Verdict.PERMANENT;
  }

  private static boolean lockTimeout(String state) {
    return state.equals("HYT00") || state.equals("HYT01") || state.equals("55P03");
  }

  /**
   * Whether the state proves that the server answered, and refused: rollback, violated constraint,
   * invalid state.
   */
  private static boolean refused(String state) {
    return state.startsWith("40") && !state.equals("40003")
        || state.startsWith("23")
        || state.startsWith("25")
        || state.startsWith("42")
        || state.equals("55P03");
  }

  private static String meaning(String state, Verdict verdict) {
    return switch (state) {
      case "40001" -> "serialization failure or deadlock";
      case "40P01" -> "deadlock";
      case "08007" -> "outcome of the commit unknown";
      case "40003" -> "completion unknown";
      case "HYT00", "HYT01", "55P03" -> "lock or time limit";
      case "57014" -> "cancelled";
      case "90131" -> "concurrent update";
      case "TPCC1" -> "row missing or doubled";
      default ->
          switch (verdict) {
            case CONFLICT -> "transaction refused";
            case CONNECTION -> "connection or server lost";
            case UNDETERMINED -> "commit not answered";
            case PERMANENT -> state.startsWith("23") ? "constraint violated" : "statement failed";
          };
    };
  }
}
