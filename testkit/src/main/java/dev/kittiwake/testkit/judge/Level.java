package dev.kittiwake.testkit.judge;

/** What is promised to transactions; each says which orders of moments a dependency proves. */
public enum Level {
  /**
   * Snapshot isolation, and a snapshot holds everything acknowledged before its transaction began.
   */
  STRONG_SNAPSHOT(true, true),
  /** Snapshot isolation; the snapshot may be old. */
  SNAPSHOT(true, false),
  /**
   * The pessimistic promise: plain reads see the snapshot of the start, locking reads and writes
   * the newest committed data and hold it until the commit. What was read {@code FOR UPDATE} and
   * written is serializable; a plain read beside it may be older.
   */
  PESSIMISTIC(false, true),
  /** Every statement sees committed data only, and what was acknowledged before it began. */
  READ_COMMITTED(false, true);

  private final boolean oneSnapshot;
  private final boolean realTime;

  Level(boolean oneSnapshot, boolean realTime) {
    this.oneSnapshot = oneSnapshot;
    this.realTime = realTime;
  }

  /** Whether all reads are of one snapshot, on which the writes are checked. */
  boolean isOneSnapshot() {
    return oneSnapshot;
  }

  /** Whether the order that clients could see binds. */
  boolean bindsRealTime() {
    return realTime;
  }

  /** Whether plain reads return the same when repeated. */
  boolean repeatsReads() {
    return this != READ_COMMITTED;
  }
}
