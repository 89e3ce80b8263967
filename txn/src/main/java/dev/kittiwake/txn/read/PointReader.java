package dev.kittiwake.txn.read;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

public final class PointReader implements AutoCloseable {
  public PointReader(Snapshot snapshot, ReadView view) {}

  /**
   * The value of {@code userKey}, null if it has none.
   *
   * @throws TxnRejected {@code Locked}, or {@code WriteConflict} when newer versions are checked
   */
  public Found get(Key userKey) {
    throw new UnsupportedOperationException();
  }

  /** Rows for the keys that have a value or an error, in the order of {@code userKeys}. */
  public List<Row> batchGet(List<Key> userKeys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
