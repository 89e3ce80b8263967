package dev.kittiwake.kv.engine;

/** An engine's pairs at one moment. Thread-safe; its cursors are not. */
public interface EngineSnapshot extends AutoCloseable {
  /** The value of {@code key} at that moment, or null. */
  byte[] get(Family family, byte[] key);

  /**
   * A cursor over the keys with {@code from <= key < toExclusive}; an empty {@code toExclusive}
   * means +∞. It stands nowhere ({@code valid()} is false) until the first seek. The cursor must be
   * closed before the snapshot.
   */
  EngineCursor cursor(Family family, byte[] from, byte[] toExclusive);

  @Override
  void close();
}
