package dev.kittiwake.kv.engine;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An ordered store of bytes in four families. Thread-safe. Every method may throw {@link
 * EngineException} when the disk fails; the store must stop then.
 */
public interface Engine extends AutoCloseable {
  /**
   * Completed with the first fault of disk or data, also one that no caller has met yet. It is
   * final: the store must stop.
   */
  default CompletableFuture<EngineException> failed() {
    return new CompletableFuture<>();
  }

  /** The newest value of {@code key}, or null. */
  byte[] get(Family family, byte[] key);

  /** The state at this moment; to be closed by the caller. */
  EngineSnapshot snapshot();

  /**
   * Applies all of {@code batch} or nothing, visible at once, durable only after {@link #syncLog}.
   */
  void write(WriteBatch batch);

  /**
   * Makes every write that returned before this call durable. May take long: not on a store loop.
   */
  void syncLog();

  /**
   * About how many bytes the pairs with {@code from <= key < to} take; an empty {@code to} means
   * +∞.
   */
  long approximateSize(Family family, byte[] from, byte[] to);

  /**
   * How far flushing and compacting are behind: 0 = not at all; at 1 the engine would soon make
   * writers wait by itself. Cheap.
   */
  default double pressure() {
    return 0;
  }

  /** Gives the room of what was deleted in the range back to the disk, if it has any. Slow. */
  default void compact(Family family, byte[] from, byte[] to) {}

  /**
   * An empty staging area named {@code name}; what an earlier attempt of that name left is deleted.
   *
   * @param name letters, digits and dashes
   */
  StagedRange stage(String name);

  /** The sealed staging area named {@code name}, also one sealed before a restart. */
  Optional<StagedRange> staged(String name);

  /** Deletes every staging area, sealed or not, but those named in {@code keep}. */
  void discardStaged(java.util.Set<String> keep);

  /**
   * Replaces everything in {@code [from, to)} of the data families by the pairs of {@code sealed}.
   * Not atomic and durable when it returns; may be repeated until it succeeds.
   */
  void ingest(StagedRange sealed, byte[] from, byte[] to);

  @Override
  void close();
}
