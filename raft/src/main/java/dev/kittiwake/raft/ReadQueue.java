package dev.kittiwake.raft;

import java.util.ArrayDeque;

/**
 * Reads that wait at the leader until a quorum has answered a round sent after they came (thesis
 * §6.4). Until the leader has committed an entry of its own term its commit index may be behind, so
 * reads wait for that first (Raft §8).
 */
final class ReadQueue {
  private static final long UNKNOWN = -1;

  /**
   * @param from the peer that forwarded it; our own id = a local read
   * @param index commit index when it came
   * @param round the round that proves it
   */
  record Read(long from, long requestId, long index, long round) {}

  private final ArrayDeque<Read> reads =
      new ArrayDeque<>(); // in order of round; unknown indexes only if all are

  boolean isEmpty() {
    return reads.isEmpty();
  }

  void add(long from, long requestId, long commit, boolean commitKnown, long nextRound) {
    reads.add(
        new Read(
            from,
            requestId,
            commitKnown ? commit : UNKNOWN,
            commitKnown ? nextRound : Long.MAX_VALUE));
  }

  /**
   * The leader has committed in its term: reads that waited for that now wait for the next round.
   */
  boolean commitKnown(long commit, long nextRound) {
    if (reads.isEmpty() || reads.peek().index() != UNKNOWN) {
      return false;
    }
    for (int i = reads.size(); i > 0; i--) {
      Read read = reads.poll();
      reads.add(new Read(read.from(), read.requestId(), commit, nextRound));
    }
    return true;
  }

  /** The next read that the round proves, or null. */
  Read pollProven(long quorumRound) {
    return !reads.isEmpty() && reads.peek().round() <= quorumRound ? reads.poll() : null;
  }

  /** The next read of all, or null. */
  Read poll() {
    return reads.poll();
  }
}
