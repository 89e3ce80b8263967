package dev.kittiwake.raft;

/** Last indexes of the messages under way to one follower, oldest first: a ring of bounded size. */
final class Inflight {
  private long[] ring = new long[8];
  private final int capacity;
  private int start;
  private int count;

  Inflight(int capacity) {
    this.capacity = capacity;
  }

  boolean full() {
    return count >= capacity;
  }

  void add(long lastIndex) {
    if (count == ring.length) {
      grow();
    }
    ring[(start + count) % ring.length] = lastIndex;
    count++;
  }

  /** Everything up to {@code index} has arrived. */
  void freeTo(long index) {
    while (count > 0 && ring[start] <= index) {
      freeFirst();
    }
  }

  void freeFirst() {
    if (count > 0) {
      start = (start + 1) % ring.length;
      count--;
    }
  }

  void clear() {
    start = 0;
    count = 0;
  }

  private void grow() {
    long[] larger = new long[Math.min(capacity, ring.length * 2)];
    for (int i = 0; i < count; i++) {
      larger[i] = ring[(start + i) % ring.length];
    }
    ring = larger;
    start = 0;
  }
}
