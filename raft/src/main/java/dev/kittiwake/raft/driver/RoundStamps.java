package dev.kittiwake.raft.driver;

import java.util.OptionalLong;

/**
 * When the newest rounds were sent. A ring: if very many rounds stay unanswered the oldest are
 * forgotten, which only delays a lease.
 */
final class RoundStamps {
  private static final int CAPACITY = 64;

  private final long[] rounds = new long[CAPACITY];
  private final long[] nanos = new long[CAPACITY];
  private long count; // stamps ever made; the newest is at (count - 1) % CAPACITY

  boolean isNew(long round) {
    return round > 0 && (count == 0 || round > rounds[(int) ((count - 1) % CAPACITY)]);
  }

  void stamp(long round, long sentAtNanos) {
    int slot = (int) (count++ % CAPACITY);
    rounds[slot] = round;
    nanos[slot] = sentAtNanos;
  }

  /** When the newest stamped round that is not after {@code round} was sent. */
  OptionalLong sentAt(long round) {
    for (long i = count - 1; i >= 0 && i >= count - CAPACITY; i--) {
      int slot = (int) (i % CAPACITY);
      if (rounds[slot] <= round) {
        return OptionalLong.of(nanos[slot]);
      }
    }
    return OptionalLong.empty();
  }
}
