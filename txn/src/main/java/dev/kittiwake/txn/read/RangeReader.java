package dev.kittiwake.txn.read;

import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.txn.mvcc.Direction;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

public final class RangeReader {
  public RangeReader(Snapshot snapshot, ReadView view) {}

  /** Up to {@code limit} rows of {@code range} (user keys), ascending or descending. */
  public List<Row> scan(KeyRange range, Direction direction, int limit, boolean keyOnly) {
    throw new UnsupportedOperationException();
  }
}
