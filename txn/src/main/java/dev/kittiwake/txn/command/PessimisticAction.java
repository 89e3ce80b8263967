package dev.kittiwake.txn.command;

/** How a prewrite of a pessimistic transaction treats a key. */
public enum PessimisticAction {
  /** The key was not locked before, nor needs to be checked for newer versions. */
  SKIP_PESSIMISTIC_CHECK,
  /** The key was locked: the pessimistic lock must be there. */
  DO_PESSIMISTIC_CHECK,
  /** The key was not locked: check it as an optimistic transaction would. */
  DO_CONSTRAINT_CHECK
}
