package dev.kittiwake.client.txn;

import dev.kittiwake.proto.key.Key;
import java.util.Collection;
import java.util.Map;

/** The data at one instant. Blocks the caller while it reads; one thread at a time. */
public interface Snapshot {
  /** The timestamp that is read at. */
  long ts();

  /** The value of {@code key}; null if absent. */
  byte[] get(byte[] key);

  /** The values of those {@code keys} that are present, in key order. */
  Map<Key, byte[]> batchGet(Collection<Key> keys);

  /**
   * The pairs with {@code start <= key < end}; an empty {@code end} means no bound. In descending
   * order if {@link ScanOptions#reverse} is set; the bounds mean the same then.
   */
  Scan scan(byte[] start, byte[] end, ScanOptions options);

  /**
   * Calls end with {@link dev.kittiwake.client.error.DeadlineExceededException} that much later;
   * null removes the deadline. The snapshot of a transaction shares the transaction's.
   */
  void setDeadline(java.time.Duration fromNow);

  /**
   * Ends the call that is waiting now, or the next one, with {@link
   * dev.kittiwake.client.error.CancelledException}. Any thread.
   */
  void cancel();
}
