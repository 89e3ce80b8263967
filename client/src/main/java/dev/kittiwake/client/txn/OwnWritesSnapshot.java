package dev.kittiwake.client.txn;

import dev.kittiwake.proto.key.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A snapshot with a transaction's own writes over it. */
final class OwnWritesSnapshot implements Snapshot {
  private final MemBuffer buffer;
  private final Snapshot committed;

  OwnWritesSnapshot(MemBuffer buffer, Snapshot committed) {
    this.buffer = buffer;
    this.committed = committed;
  }

  @Override
  public long ts() {
    return committed.ts();
  }

  @Override
  public byte[] get(byte[] key) {
    MemBuffer.Entry own = buffer.entry(Key.wrap(key));
    return own != null ? own.value() : committed.get(key);
  }

  @Override
  public Map<Key, byte[]> batchGet(Collection<Key> keys) {
    Map<Key, byte[]> found = new TreeMap<>();
    List<Key> missing = new ArrayList<>();
    for (Key key : keys) {
      MemBuffer.Entry own = buffer.entry(key);
      if (own == null) {
        missing.add(key);
      } else if (!own.isDelete()) {
        found.put(key, own.value());
      }
    }
    if (!missing.isEmpty()) {
      found.putAll(committed.batchGet(missing));
    }
    return found;
  }

  @Override
  public Scan scan(byte[] start, byte[] end, ScanOptions options) {
    Scan scan = committed.scan(start, end, options);
    return buffer.isEmpty()
        ? scan
        : new MergedScan(
            scan,
            buffer.range(Key.wrap(start), Key.wrap(end), options.reverse()),
            options.reverse(),
            options.keyOnly());
  }

  @Override
  public void setDeadline(java.time.Duration fromNow) {
    committed.setDeadline(fromNow);
  }

  @Override
  public void cancel() {
    committed.cancel();
  }
}
