package dev.kittiwake.txn.command;

/** Why a newer version stopped a command; names and order are the protocol's. */
public enum ConflictReason {
  UNKNOWN,
  OPTIMISTIC,
  PESSIMISTIC_RETRY,
  SELF_ROLLED_BACK,
  RC_CHECK_TS,
  LAZY_UNIQUENESS_CHECK,
  NOT_LOCKED_KEY_CONFLICT
}
