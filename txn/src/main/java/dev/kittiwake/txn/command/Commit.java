package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.WriteSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Commits keys of the transaction {@code startTs} at {@code commitTs}. Percolator §2.2. The
 * transaction is committed when its primary is; repeating a commit is harmless. One that was
 * committed before, in one phase or by somebody who met its locks, keeps its timestamp: the answer
 * tells it.
 */
public record Commit(List<Key> keys, long startTs, long commitTs) implements Command<CommitResult> {
  public Commit {
    keys = List.copyOf(keys);
  }

  @Override
  public List<Key> latchKeys() {
    return keys;
  }

  /**
   * @throws TxnRejected {@code TxnLockNotFound} if a key is rolled back or was never locked; {@code
   *     CommitTsExpired} if a reader pushed a lock past {@code commitTs}; {@code Invalid} if {@code
   *     commitTs} is not after {@code startTs}
   */
  @Override
  public Outcome<CommitResult> execute(Snapshot snapshot, CommandContext context) {
    requireOrder(startTs, commitTs);
    WriteSet writes = new WriteSet(2 * keys.size());
    List<ReleasedLock> released = new ArrayList<>(keys.size());
    long committedAt = commitTs;
    try (MvccReader reader = MvccReader.forKeys(snapshot, keys)) {
      for (Key key : keys) {
        long at = CommitKey.run(reader, writes, released, key, startTs, commitTs);
        committedAt = at == commitTs ? committedAt : at;
      }
    }
    return Outcome.of(writes, new CommitResult(committedAt), released);
  }

  static void requireOrder(long startTs, long commitTs) {
    if (!Timestamp.isAfter(commitTs, startTs)) {
      throw new KeyError.Invalid(
              "commit ts "
                  + Timestamp.toString(commitTs)
                  + " must be after start ts "
                  + Timestamp.toString(startTs))
          .rejected();
    }
  }
}
