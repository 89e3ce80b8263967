package dev.kittiwake.client.error;

/** A lock that another transaction holds was not released in time. */
public class LockTimeoutException extends KvException {
  private static final long serialVersionUID = 1L;

  public LockTimeoutException(String message) {
    super(message);
  }
}
