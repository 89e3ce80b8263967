package dev.kittiwake.cli;

import java.sql.SQLException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * What a user sees of a failure: one line that says what to do; the stack only with {@code
 * KITTIWAKE_DEBUG=1}.
 */
final class UserErrors implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    command.getErr().println(command.getColorScheme().errorText("kittiwake: " + message(failure)));
    if (System.getenv("KITTIWAKE_DEBUG") != null) {
      failure.printStackTrace(command.getErr());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** The innermost message that was written for users. */
  static String message(Throwable failure) {
    Throwable cause = failure;
    while ((cause.getMessage() == null || cause instanceof java.util.concurrent.ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return cause instanceof SQLException && ((SQLException) cause).getSQLState() != null
        ? text + " (SQLState " + ((SQLException) cause).getSQLState() + ")"
        : text;
  }
}
