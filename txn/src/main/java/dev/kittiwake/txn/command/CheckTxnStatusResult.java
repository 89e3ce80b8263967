package dev.kittiwake.txn.command;

import dev.kittiwake.txn.mvcc.LockedKey;

/**
 * Alive if {@code ttlMillis != 0}, else committed if {@code commitTs != 0}, else rolled back or
 * unknown, see {@code action}.
 *
 * @param locked the primary's lock if it is alive, else null
 */
public record CheckTxnStatusResult(
    long ttlMillis, long commitTs, TxnStatusAction action, LockedKey locked) {
  static CheckTxnStatusResult alive(LockedKey locked, TxnStatusAction action) {
    return new CheckTxnStatusResult(locked.lock().ttlMillis(), 0, action, locked);
  }

  static CheckTxnStatusResult committed(long commitTs) {
    return new CheckTxnStatusResult(0, commitTs, TxnStatusAction.NO_ACTION, null);
  }

  static CheckTxnStatusResult gone(TxnStatusAction action) {
    return new CheckTxnStatusResult(0, 0, action, null);
  }
}
