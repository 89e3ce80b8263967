package dev.kittiwake.kv.engine;

/** Walks pairs in unsigned order of their keys. Confined to one thread. */
public interface EngineCursor extends AutoCloseable {
  /** Moves to the first key that is at least {@code key}; answers {@link #valid}. */
  boolean seek(byte[] key);

  /** Moves to the last key that is at most {@code key}; answers {@link #valid}. */
  boolean seekForPrev(byte[] key);

  boolean seekToFirst();

  boolean seekToLast();

  /** Moves to the next key; only where {@link #valid}. */
  boolean next();

  /** Moves to the key before; only where {@link #valid}. */
  boolean prev();

  /** Whether the cursor stands on a pair. */
  boolean valid();

  /** A copy of the current key; only where {@link #valid}. */
  byte[] key();

  /** A copy of the current value; only where {@link #valid}. */
  byte[] value();

  @Override
  void close();
}
