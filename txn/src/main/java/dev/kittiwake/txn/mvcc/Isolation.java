package dev.kittiwake.txn.mvcc;

/** How a read treats locks and newer versions. */
public enum Isolation {
  /** Snapshot isolation: a lock that may commit below the read timestamp blocks. */
  SNAPSHOT,
  /** Ignores locks: the newest committed version at or below the timestamp. */
  READ_COMMITTED,
  /** As read committed, but a version newer than the timestamp is a conflict. */
  READ_COMMITTED_CHECK_TS
}
