package dev.kittiwake.txn.command;

/** What a status check did; names and order are the protocol's. */
public enum TxnStatusAction {
  NO_ACTION,
  TTL_EXPIRE_ROLLBACK,
  LOCK_NOT_EXIST_ROLLBACK,
  MIN_COMMIT_TS_PUSHED,
  TTL_EXPIRE_PESSIMISTIC_ROLLBACK,
  LOCK_NOT_EXIST_DO_NOTHING
}
