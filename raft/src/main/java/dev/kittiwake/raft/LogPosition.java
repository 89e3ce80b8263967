package dev.kittiwake.raft;

/**
 * A place in a log: an entry's index and its term. {@link #ZERO} lies before the first entry.
 *
 * <p>Two logs that hold the same position are equal up to it (Log Matching, Raft §5.3).
 */
public record LogPosition(long index, long term) {
  public static final LogPosition ZERO = new LogPosition(0, 0);

  public LogPosition {
    if (index < 0 || term < 0) {
      throw new IllegalArgumentException("negative log position: index " + index + " term " + term);
    }
  }

  /**
   * Whether a log that ends here is at least as up to date as one that ends at {@code other}. Raft
   * §5.4.1.
   */
  public boolean upToDateWith(LogPosition other) {
    return term != other.term ? term > other.term : index >= other.index;
  }

  @Override
  public String toString() {
    return index + "@" + term;
  }
}
