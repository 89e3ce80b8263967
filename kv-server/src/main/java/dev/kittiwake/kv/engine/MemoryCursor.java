package dev.kittiwake.kv.engine;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Walks a {@link PersistentMap}: each step is one search from the root. */
final class MemoryCursor implements EngineCursor {
  private final PersistentMap map;
  private final byte[] from;
  private final byte[] to;
  private final AtomicInteger open; // counts this one until it is closed
  private boolean closed;
  private PersistentMap.Node current; // null = not valid; else from <= key < to

  MemoryCursor(PersistentMap map, byte[] from, byte[] to, AtomicInteger open) {
    this.open = open;
    open.incrementAndGet();
    this.map = map;
    this.from = from;
    this.to = to;
  }

  @Override
  public boolean seek(byte[] key) {
    byte[] start = Arrays.compareUnsigned(key, from) < 0 ? from : key;
    return stand(map.ceiling(start, true));
  }

  @Override
  public boolean seekForPrev(byte[] key) {
    return to.length > 0 && Arrays.compareUnsigned(key, to) >= 0
        ? seekToLast()
        : stand(map.floor(key, true));
  }

  @Override
  public boolean seekToFirst() {
    return stand(map.ceiling(from, true));
  }

  @Override
  public boolean seekToLast() {
    return stand(to.length == 0 ? map.last() : map.floor(to, false));
  }

  @Override
  public boolean next() {
    return stand(map.ceiling(current.key, false));
  }

  @Override
  public boolean prev() {
    return stand(map.floor(current.key, false));
  }

  @Override
  public boolean valid() {
    return current != null;
  }

  @Override
  public byte[] key() {
    return current.key.clone();
  }

  @Override
  public byte[] value() {
    return current.value.clone();
  }

  @Override
  public void close() {
    current = null;
    if (!closed) {
      closed = true;
      open.decrementAndGet();
    }
  }

  private boolean stand(PersistentMap.Node node) {
    boolean within =
        node != null
            && Arrays.compareUnsigned(node.key, from) >= 0
            && (to.length == 0 || Arrays.compareUnsigned(node.key, to) < 0);
    current = within ? node : null;
    return within;
  }
}
