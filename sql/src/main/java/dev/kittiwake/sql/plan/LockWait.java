package dev.kittiwake.sql.plan;

/** What a locking read does when another transaction holds the lock. */
public enum LockWait {
  /** Waits up to the session's lock wait time. */
  DEFAULT,
  /** Fails at once with SQLState 55P03. */
  NOWAIT
}
