package dev.kittiwake.client.error;

/** The deadline that the caller set passed before the call was done. */
public class DeadlineExceededException extends KvException {
  private static final long serialVersionUID = 1L;

  public DeadlineExceededException(String message) {
    super(message);
  }

  public DeadlineExceededException(String message, Throwable cause) {
    super(message, cause);
  }
}
