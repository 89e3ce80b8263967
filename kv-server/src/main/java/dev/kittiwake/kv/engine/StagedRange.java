package dev.kittiwake.kv.engine;

/**
 * Pairs that arrive from elsewhere and wait beside the engine until all of them are there: the
 * receiving half of a region's snapshot. Confined to one thread at a time.
 */
public interface StagedRange {
  String name();

  /**
   * Adds one pair. Keys of a family come in ascending order without repetition, and all pairs of
   * one family come before those of the next.
   *
   * @throws IllegalArgumentException if the order is broken
   */
  void add(Family family, byte[] key, byte[] value);

  /** Ends the collection and makes it durable; nothing can be added any more. */
  void seal();

  /** The bytes of keys and values added by this object. */
  long bytes();

  /** Deletes the collection. Harmless if done before. */
  void discard();
}
