package dev.kittiwake.kv;

/**
 * A configuration that cannot be used; the message is one line for the user and names the setting.
 */
public final class InvalidConfig extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidConfig(String message) {
    super(message);
  }
}
