package dev.kittiwake.client.error;

/**
 * No member of the placement driver answered in time; the message names the addresses that were
 * tried.
 */
public class PdUnavailableException extends KvException {
  private static final long serialVersionUID = 1L;

  public PdUnavailableException(String message) {
    super(message);
  }

  public PdUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
