package dev.kittiwake.kv.engine;

/** The engine could not read or write: a fault of the disk or of the data directory. */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EngineException(String message) {
    super(message);
  }

  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
