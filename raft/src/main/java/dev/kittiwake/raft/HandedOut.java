package dev.kittiwake.raft;

import java.util.ArrayDeque;
import java.util.List;

/** The committed entries that the state machine was handed and has yet to apply: their size. */
final class HandedOut {
  private record Batch(long lastIndex, long bytes) {}

  private final ArrayDeque<Batch> batches = new ArrayDeque<>();
  private long bytes;

  void add(List<Entry> committed) {
    long size = 0;
    for (Entry entry : committed) {
      size += entry.bytes();
    }
    batches.add(new Batch(committed.get(committed.size() - 1).index(), size));
    bytes += size;
  }

  void applied(long index) {
    while (!batches.isEmpty() && batches.peek().lastIndex() <= index) {
      bytes -= batches.poll().bytes();
    }
  }

  void clear() {
    batches.clear();
    bytes = 0;
  }

  long bytes() {
    return bytes;
  }
}
