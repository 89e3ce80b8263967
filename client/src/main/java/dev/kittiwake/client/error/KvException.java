package dev.kittiwake.client.error;

/** The root of all errors of the client. The message is one line that can be shown to a user. */
public class KvException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KvException(String message) {
    super(message);
  }

  public KvException(String message, Throwable cause) {
    super(message, cause);
  }
}
