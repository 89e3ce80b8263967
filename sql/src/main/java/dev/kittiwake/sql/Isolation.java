package dev.kittiwake.sql;

/** What a transaction may see of others. */
public enum Isolation {
  /** Each statement reads what was committed when it began. */
  READ_COMMITTED,
  /** All statements read the snapshot of the transaction's start (snapshot isolation). */
  REPEATABLE_READ,
  /** Not offered; a session may be told to take snapshot isolation for it. */
  SERIALIZABLE
}
