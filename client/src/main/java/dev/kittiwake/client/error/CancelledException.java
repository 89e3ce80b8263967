package dev.kittiwake.client.error;

/** The call was cancelled, or its thread interrupted. */
public class CancelledException extends KvException {
  private static final long serialVersionUID = 1L;

  public CancelledException(String message) {
    super(message);
  }

  public CancelledException(String message, Throwable cause) {
    super(message, cause);
  }
}
