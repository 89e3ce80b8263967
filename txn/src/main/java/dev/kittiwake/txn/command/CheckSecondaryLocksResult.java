package dev.kittiwake.txn.command;

import dev.kittiwake.txn.mvcc.LockedKey;
import java.util.List;

/**
 * @param locks the prewrite locks found, one per key if the transaction may still commit
 * @param commitTs non-zero: the transaction has committed. Fewer locks than keys and 0 here: it is
 *     rolled back
 */
public record CheckSecondaryLocksResult(List<LockedKey> locks, long commitTs) {
  static final CheckSecondaryLocksResult ROLLED_BACK = new CheckSecondaryLocksResult(List.of(), 0);
}
