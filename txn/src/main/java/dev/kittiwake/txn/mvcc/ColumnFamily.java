package dev.kittiwake.txn.mvcc;

/** Where a record lives: long values, locks, or commit and rollback records. */
public enum ColumnFamily {
  DEFAULT,
  LOCK,
  WRITE
}
