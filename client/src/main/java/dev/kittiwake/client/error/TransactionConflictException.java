package dev.kittiwake.client.error;

/**
 * The transaction lost against another one and changed nothing. Running the whole transaction again
 * may succeed.
 */
public class TransactionConflictException extends KvException {
  private static final long serialVersionUID = 1L;

  public TransactionConflictException(String message) {
    super(message);
  }
}
