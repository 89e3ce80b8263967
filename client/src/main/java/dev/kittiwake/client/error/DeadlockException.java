package dev.kittiwake.client.error;

/**
 * Waiting for this lock would have closed a cycle of waiting transactions. The locks of the failed
 * call are released; the transaction should be rolled back.
 */
public class DeadlockException extends TransactionConflictException {
  private static final long serialVersionUID = 1L;

  public DeadlockException(String message) {
    super(message);
  }
}
