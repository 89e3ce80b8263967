package dev.kittiwake.client.error;

/** The transaction buffers more than the configured limit. */
public class TransactionTooLargeException extends KvException {
  private static final long serialVersionUID = 1L;

  public TransactionTooLargeException(String message) {
    super(message);
  }
}
