package dev.kittiwake.client.error;

/** One key and its value are larger than a store accepts. */
public class ValueTooLargeException extends KvException {
  private static final long serialVersionUID = 1L;

  public ValueTooLargeException(String message) {
    super(message);
  }
}
