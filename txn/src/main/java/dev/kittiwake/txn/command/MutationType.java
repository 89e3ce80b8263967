package dev.kittiwake.txn.command;

/** What a prewrite wants of a key. */
public enum MutationType {
  PUT,
  DELETE,
  /** Only lock the key. */
  LOCK,
  /** Put that requires the key to be absent. */
  INSERT,
  /** Require absence; write nothing. */
  CHECK_NOT_EXISTS
}
