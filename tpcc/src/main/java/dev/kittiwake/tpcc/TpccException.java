package dev.kittiwake.tpcc;

import java.sql.SQLException;

/**
 * Something the user must know, in one line that says what to do; there is nothing to debug behind
 * it.
 */
public final class TpccException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TpccException(String message) {
    super(message);
  }

  TpccException(String message, SQLException cause) {
    super(message + ": " + oneLine(cause), cause);
  }

  /** The error's first line with its SQLState. */
  static String oneLine(SQLException cause) {
    String text =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    String first = text.lines().findFirst().orElse("").strip();
    return first + (cause.getSQLState() == null ? "" : " [" + cause.getSQLState() + "]");
  }
}
