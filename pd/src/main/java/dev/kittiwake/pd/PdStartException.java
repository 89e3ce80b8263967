package dev.kittiwake.pd;

/** The member cannot start. The message is one line that says what to do. */
public final class PdStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PdStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
