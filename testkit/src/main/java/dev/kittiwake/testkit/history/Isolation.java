package dev.kittiwake.testkit.history;

/** How a transaction was run. Which judge applies follows from it. */
public enum Isolation {
  /** Optimistic: one snapshot, conflicts found at commit. Strong snapshot isolation is promised. */
  OPTIMISTIC,
  /**
   * Pessimistic: plain reads see the start's snapshot, writes and locking reads the newest data.
   */
  PESSIMISTIC,
  /** Each statement sees a new snapshot. */
  READ_COMMITTED
}
