package dev.kittiwake.jdbc;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;

/**
 * The one place where exceptions of {@code java.sql} are made. Frameworks decide by class (Spring),
 * by SQLState (retry loops look for 40001 with vendor code 0) or by both, so the two agree.
 */
final class SQLExceptions {
  /** A call at the wrong moment, such as on a closed statement. */
  static final String FUNCTION_SEQUENCE = "HY010";

  /** A read while the cursor stands on no row, or from a closed result set. */
  static final String CURSOR_STATE = "24000";

  /** A statement was run by a method for the other kind of statement. */
  static final String WRONG_KIND_OF_STATEMENT = "07005";

  /** A parameter or column index that does not exist. */
  static final String INVALID_INDEX = "07009";

  private SQLExceptions() {}

  static SQLException of(SqlError error) {
    return of(error.sqlState(), error.vendorCode(), error.getMessage(), error);
  }

  /** A failure that is no {@link SqlError} is a bug of ours; the user still gets one line. */
  static SQLException internal(RuntimeException bug) {
    return of(SqlStates.INTERNAL, 0, "internal error: " + bug, bug);
  }

  static SQLException of(String state, String message) {
    return of(state, 0, message, null);
  }

  static SQLException of(String state, int code, String message, Throwable cause) {
    return switch (state) {
      case SqlStates.TIMEOUT -> new SQLTimeoutException(message, state, code, cause);
      case SqlStates.CANCELLED -> new SQLNonTransientException(message, state, code, cause);
      case SqlStates.LOCK_NOT_AVAILABLE -> new SQLTransientException(message, state, code, cause);
      case SqlStates.SESSION_CLOSED, SqlStates.OUTCOME_UNKNOWN ->
          new SQLNonTransientConnectionException(message, state, code, cause);
      default -> byClass(state, code, message, cause);
    };
  }

  private static SQLException byClass(String state, int code, String message, Throwable cause) {
    return switch (state.length() < 2 ? state : state.substring(0, 2)) {
      case "08" -> new SQLTransientConnectionException(message, state, code, cause);
      case "0A" -> notSupported(message, state, code, cause);
      case "21", "22" -> new SQLDataException(message, state, code, cause);
      case "23" -> new SQLIntegrityConstraintViolationException(message, state, code, cause);
      case "28" -> new SQLInvalidAuthorizationSpecException(message, state, code, cause);
      case "40" -> new SQLTransactionRollbackException(message, state, code, cause);
      case "42", "3D", "3F" -> new SQLSyntaxErrorException(message, state, code, cause);
      case "53" -> new SQLTransientException(message, state, code, cause);
      case "24", "25", "3B", "54", "07", "HY" ->
          new SQLNonTransientException(message, state, code, cause);
      default -> new SQLException(message, state, code, cause);
    };
  }

  private static SQLFeatureNotSupportedException notSupported(
      String message, String state, int code, Throwable cause) {
    return new SQLFeatureNotSupportedException(message, state, code, cause);
  }

  /** 0A000: {@code what} is a sentence's subject, such as "arrays". */
  static SQLFeatureNotSupportedException notSupported(String what) {
    return notSupported(what + " supported by Kittiwake", SqlStates.NOT_SUPPORTED, 0, null);
  }

  /** A wrong URL or parameter: trying again does not help. */
  static SQLException wrongUrl(String message) {
    return new SQLNonTransientConnectionException(message, SqlStates.CANNOT_CONNECT);
  }

  static SQLException connectionClosed() {
    return of(SqlStates.SESSION_CLOSED, "the connection is closed");
  }

  static SQLException statementClosed() {
    return of(FUNCTION_SEQUENCE, "the statement is closed");
  }

  static SQLException resultSetClosed() {
    return of(CURSOR_STATE, "the result set is closed");
  }

  static SQLException invalidArgument(String message) {
    return of(SqlStates.INVALID_PARAMETER, message);
  }
}
