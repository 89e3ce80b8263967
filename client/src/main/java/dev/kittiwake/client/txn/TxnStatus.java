package dev.kittiwake.client.txn;

import dev.kittiwake.proto.kvrpcpb.LockInfo;

/** What became of a transaction, as its primary key tells. */
sealed interface TxnStatus {
  record Committed(long commitTs) implements TxnStatus {}

  /**
   * @param forGood false if only this lock is known to be void
   */
  record RolledBack(boolean forGood) implements TxnStatus {}

  /**
   * Still at work, or its client has died and its locks have not expired.
   *
   * @param remainingMillis until its locks expire
   * @param pushed it will commit after the asking reader's timestamp
   * @param primaryLock null if the primary is not locked (yet)
   */
  record Alive(long remainingMillis, boolean pushed, LockInfo primaryLock) implements TxnStatus {
    boolean isAsyncCommit() {
      return primaryLock != null && primaryLock.getUseAsyncCommit();
    }
  }
}
