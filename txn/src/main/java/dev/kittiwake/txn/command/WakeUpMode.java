package dev.kittiwake.txn.command;

/** What a pessimistic lock request does when it finds a version newer than its for_update_ts. */
public enum WakeUpMode {
  /** Refuse with a write conflict: the client takes a new timestamp and tries again. */
  NORMAL,
  /** Lock the key nevertheless and say so. One key only. */
  FORCE_LOCK
}
