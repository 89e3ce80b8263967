package dev.kittiwake.client.txn;

/**
 * How a transaction was committed.
 *
 * @param commitTs its commit timestamp; 0 if it wrote nothing
 */
public record CommitResult(Path path, long commitTs) {
  /** The way the commit took. */
  public enum Path {
    /** Nothing was written. */
    NOTHING,
    /** One step in one region. */
    ONE_PHASE,
    /** Committed when all keys were written. */
    ASYNC,
    /** Keys written, commit timestamp, primary committed. */
    TWO_PHASE
  }
}
