package dev.kittiwake.client.error;

/**
 * The answer to a commit was lost: the transaction may be committed or not. Reading the data tells;
 * running the transaction again blindly may apply it twice.
 */
public class UndeterminedException extends KvException {
  private static final long serialVersionUID = 1L;

  public UndeterminedException(String message) {
    super(message);
  }

  public UndeterminedException(String message, Throwable cause) {
    super(message, cause);
  }
}
