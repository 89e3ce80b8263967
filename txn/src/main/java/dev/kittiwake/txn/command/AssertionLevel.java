package dev.kittiwake.txn.command;

/** How much work may be spent on checking assertions. */
public enum AssertionLevel {
  OFF,
  /** Check where the existing value is read anyway. */
  FAST,
  STRICT
}
