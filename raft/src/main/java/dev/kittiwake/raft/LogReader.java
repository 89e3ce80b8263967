package dev.kittiwake.raft;

import java.util.List;
import java.util.OptionalLong;

/** Reads a log. Sees an appended entry at once, durable or not. */
public interface LogReader {
  /** Index of the last entry, or of the start if there is none. */
  long lastIndex();

  /**
   * Term of the entry at {@code index}, or of the start; empty if it is compacted away or not there
   * yet.
   */
  OptionalLong term(long index);

  /**
   * Entries {@code [from, toExclusive)}, cut after the first that makes it {@code maxBytes} or
   * more; at least one if {@code from < toExclusive}. The payloads are not copied.
   *
   * @throws IllegalArgumentException if the range is not wholly in the log
   */
  List<Entry> entries(long from, long toExclusive, long maxBytes);
}
