package dev.kittiwake.client.error;

/** A key was changed by a transaction that committed after this one started. */
public class WriteConflictException extends TransactionConflictException {
  private static final long serialVersionUID = 1L;

  public WriteConflictException(String message) {
    super(message);
  }
}
