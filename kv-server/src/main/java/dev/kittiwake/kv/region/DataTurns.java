package dev.kittiwake.kv.region;

import java.util.function.LongFunction;

/**
 * Keeps two apart that change the data of a store past its logs: who deletes single records by what
 * he has read a moment before, and who puts a snapshot in the place of all records of a region. The
 * latter may bring back what the former has deleted, so he is told how often that has happened. One
 * per store.
 *
 * <p>Thread-safe. A turn waits for the one before it: those who delete must do so in small
 * portions, for all applying waits behind a snapshot.
 */
final class DataTurns {
  private long replacements; // guarded by this

  /** Puts other data in the place of what is there. */
  synchronized void replace(Runnable replacement) {
    replacements++;
    replacement.run();
  }

  /** Reads and then deletes; {@code deletion} is told how often data was replaced before. */
  synchronized <T> T delete(LongFunction<T> deletion) {
    return deletion.apply(replacements);
  }
}
