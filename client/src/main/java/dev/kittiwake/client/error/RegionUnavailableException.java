package dev.kittiwake.client.error;

/**
 * A region could not be reached within the budget of the request; the message names region, store,
 * reason and attempts.
 */
public class RegionUnavailableException extends KvException {
  private static final long serialVersionUID = 1L;

  public RegionUnavailableException(String message) {
    super(message);
  }

  public RegionUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
