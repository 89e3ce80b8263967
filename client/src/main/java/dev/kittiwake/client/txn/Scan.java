package dev.kittiwake.client.txn;

/**
 * A walk over pairs, positioned before the first one. Fetches in batches as needed. One thread at a
 * time. What the transaction writes after the scan was opened is not seen by it.
 */
public interface Scan extends AutoCloseable {
  /** Moves to the next pair; false if there is none. */
  boolean next();

  /** The present pair's key. The array belongs to the caller's reading only: do not change it. */
  byte[] key();

  /** The present pair's value; empty if the scan is for keys only. */
  byte[] value();

  @Override
  void close();
}
