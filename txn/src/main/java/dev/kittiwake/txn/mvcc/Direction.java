package dev.kittiwake.txn.mvcc;

/** The order in which a cursor moves over stored keys. */
public enum Direction {
  FORWARD,
  BACKWARD
}
