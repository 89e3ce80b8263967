package dev.kittiwake.client.txn;

import dev.kittiwake.proto.key.Key;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;

/** Committed pairs with a transaction's own writes over them. */
final class MergedScan implements Scan {
  private static final byte[] NOTHING = {};

  private final Scan committed;
  private final Iterator<Map.Entry<Key, MemBuffer.Entry>> own;
  private final boolean reverse;
  private final boolean keyOnly;
  private boolean committedAhead; // committed stands on a pair not yet delivered
  private boolean started;
  private Map.Entry<Key, MemBuffer.Entry> ownAhead; // an own write not yet delivered
  private byte[] key;
  private byte[] value;

  MergedScan(
      Scan committed,
      Iterator<Map.Entry<Key, MemBuffer.Entry>> own,
      boolean reverse,
      boolean keyOnly) {
    this.committed = committed;
    this.own = own;
    this.reverse = reverse;
    this.keyOnly = keyOnly;
  }

  @Override
  public boolean next() {
    if (!started) {
      started = true;
      committedAhead = committed.next();
      ownAhead = own.hasNext() ? own.next() : null;
    }
    while (committedAhead || ownAhead != null) {
      int order = order();
      if (order < 0) {
        key = committed.key();
        value = committed.value();
        committedAhead = committed.next();
        return true;
      }
      Map.Entry<Key, MemBuffer.Entry> write = ownAhead;
      ownAhead = own.hasNext() ? own.next() : null;
      if (order == 0) {
        committedAhead = committed.next();
      }
      if (!write.getValue().isDelete()) {
        key = write.getKey().unsafeBytes();
        value = keyOnly ? NOTHING : write.getValue().value();
        return true;
      }
    }
    return false;
  }

  /** Negative: the committed pair comes first; positive: the own write; 0: the same key. */
  private int order() {
    if (ownAhead == null) {
      return -1;
    }
    if (!committedAhead) {
      return 1;
    }
    int order = Arrays.compareUnsigned(committed.key(), ownAhead.getKey().unsafeBytes());
    return reverse ? -order : order;
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public byte[] value() {
    return value;
  }

  @Override
  public void close() {
    committed.close();
  }
}
