package dev.kittiwake.client.error;

/** The transaction was rolled back from outside, or lost one of its locks; it changed nothing. */
public class TransactionAbortedException extends TransactionConflictException {
  private static final long serialVersionUID = 1L;

  public TransactionAbortedException(String message) {
    super(message);
  }
}
