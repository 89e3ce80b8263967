package dev.kittiwake.txn.mvcc;

/** What the write family of one key knows of one transaction. */
public sealed interface TxnRecord {
  record Committed(long commitTs, Write write) implements TxnRecord {}

  /** By a record of its own, or by the overlapped-rollback flag of another's. */
  record RolledBack() implements TxnRecord {}

  /**
   * Nothing.
   *
   * @param atStartTs the commit record of another transaction that stands exactly where this one's
   *     rollback record would, or null
   * @param gcFence if so, the commit ts of the next newer change of the value; 0 if there is none
   */
  record Missing(Version atStartTs, long gcFence) implements TxnRecord {}
}
