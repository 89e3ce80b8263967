package dev.kittiwake.pd.replica;

/** The data directory cannot be used. The message is one line that says what to do. */
public final class PdStorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PdStorageException(String message, Throwable cause) {
    super(message, cause);
  }

  public PdStorageException(String message) {
    this(message, null);
  }
}
