package dev.kittiwake.txn.command;

/** The reply of commands that have nothing to tell. */
public enum Done {
  DONE
}
