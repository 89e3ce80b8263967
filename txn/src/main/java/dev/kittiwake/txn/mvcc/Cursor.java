package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;

/** A position in an ordered column family. {@link #key} and {@link #value} need a valid one. */
public interface Cursor extends AutoCloseable {
  /**
   * Moves to the first stored key {@code >= key} (forward) or the last {@code <= key} (backward)
   * within the cursor's range; returns {@link #valid}. For a backward cursor the empty key means
   * the end of the range: it moves to the last stored key of all.
   */
  boolean seek(Key key);

  /** Moves one step in the cursor's direction; returns {@link #valid}. */
  boolean next();

  /** Whether the cursor stands on a record inside its range. */
  boolean valid();

  Key key();

  byte[] value();

  @Override
  void close();
}
