package dev.kittiwake.txn.read;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.mvcc.Isolation;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads single keys of a snapshot: one get of the lock (none for read committed) and one seek of
 * the newest version, plus one get if the value is long. For one thread; to be closed.
 */
public final class PointReader implements AutoCloseable {
  private final Snapshot snapshot;
  private final ReadView view;
  private MvccReader reader; // of the last question; null before the first

  public PointReader(Snapshot snapshot, ReadView view) {
    this.snapshot = snapshot;
    this.view = view;
  }

  /**
   * The value of {@code userKey}, or null if it has none.
   *
   * @throws TxnRejected {@code Locked}; {@code WriteConflict} if the view checks for newer versions
   *     and there is one
   */
  public Found get(Key userKey) {
    Key encoded = MemComparable.encode(userKey);
    open(MvccReader.forKey(snapshot, encoded));
    return get(userKey, encoded);
  }

  /** Rows for the keys that have a value or an error, in the order of {@code userKeys}. */
  public List<Row> batchGet(List<Key> userKeys) {
    List<Row> rows = new ArrayList<>(userKeys.size());
    open(MvccReader.forKeys(snapshot, userKeys));
    for (Key key : userKeys) {
      try {
        Found found = get(key, MemComparable.encode(key));
        if (found != null) {
          rows.add(new Row(key, found.value(), found.commitTs(), null));
        }
      } catch (TxnRejected rejected) {
        rows.add(new Row(key, null, 0, rejected.reason()));
      }
    }
    return rows;
  }

  private Found get(Key userKey, Key encoded) {
    if (view.isolation() == Isolation.SNAPSHOT) {
      Lock lock = reader.lock(encoded);
      if (lock != null) {
        if (view.isBlockedBy(userKey, lock)) {
          throw Visible.locked(userKey, lock);
        }
        if (view.readsThrough(lock) && Visible.changesValue(lock)) {
          return Visible.through(reader, encoded, lock);
        }
      }
    }
    return Visible.committed(reader, view, userKey, encoded);
  }

  private void open(MvccReader next) {
    close();
    reader = next;
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
