package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

/**
 * A request on transactional data as a pure decision. Keys are user keys, timestamps unsigned.
 * Immutable; executing it again on the same snapshot gives the same outcome.
 *
 * @param <R> the reply
 */
public sealed interface Command<R>
    permits CheckSecondaryLocks,
        CheckTxnStatus,
        Cleanup,
        Commit,
        MvccByKey,
        MvccByStartTs,
        PessimisticLock,
        PessimisticRollback,
        PessimisticRollbackRegion,
        Prewrite,
        ResolveFoundLocks,
        ResolveLocks,
        ResolveRegion,
        Rollback,
        ScanLock,
        TxnHeartBeat {

  /** The user keys that no other command may touch meanwhile; empty = no latch. */
  List<Key> latchKeys();

  /**
   * To be called when the latches are held and before the snapshot is taken: raises max_ts where
   * the command's answer must not be overtaken by an asynchronous commit.
   *
   * @throws TxnRejected {@code Locked} by a prewrite in flight
   */
  default void beforeSnapshot(CommandContext context) {}

  /**
   * Whether max_ts must be known to exceed every timestamp read from earlier leaders. If it is not,
   * the store answers MaxTimestampNotSynced.
   */
  default boolean needsSyncedMaxTs() {
    return false;
  }

  /**
   * @throws TxnRejected if the request cannot be done; nothing was changed then
   */
  Outcome<R> execute(Snapshot snapshot, CommandContext context);
}
