package dev.kittiwake.txn.command;

/** What the client believes about the existing value of a key. */
public enum Assertion {
  NONE,
  EXIST,
  NOT_EXIST
}
