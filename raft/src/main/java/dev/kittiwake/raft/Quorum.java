package dev.kittiwake.raft;

import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/** Majorities of a membership; of both halves while it is joint. Raft §5.3, §6. */
final class Quorum {
  /** How an election stands. */
  enum Outcome {
    WON,
    LOST,
    OPEN
  }

  private final long[] voters;
  private final long[] outgoing;
  private final long[] scratch;

  Quorum(Membership membership) {
    voters = membership.voters().stream().mapToLong(Long::longValue).toArray();
    outgoing = membership.outgoing().stream().mapToLong(Long::longValue).toArray();
    scratch = new long[Math.max(voters.length, outgoing.length)];
  }

  /** The highest value that a quorum has reached; 0 if there are no voters. */
  long reached(LongUnaryOperator valueOfPeer) {
    long incoming = reached(voters, valueOfPeer);
    return outgoing.length == 0 ? incoming : Math.min(incoming, reached(outgoing, valueOfPeer));
  }

  private long reached(long[] half, LongUnaryOperator valueOfPeer) {
    int size = half.length;
    if (size == 0) {
      return 0;
    }
    for (int i = 0; i < size; i++) {
      scratch[i] = valueOfPeer.applyAsLong(half[i]);
    }
    Arrays.sort(scratch, 0, size);
    return scratch[(size - 1) / 2]; // (size + 2) / 2 peers have this value or a higher one
  }

  /** Whether the peers that satisfy the predicate are a quorum. */
  boolean holds(LongPredicate peer) {
    return reached(id -> peer.test(id) ? 1 : 0) == 1;
  }

  /** Won once a quorum granted, lost once the grants still possible are no quorum. */
  Outcome outcome(LongPredicate granted, LongPredicate refused) {
    if (holds(granted)) {
      return Outcome.WON;
    }
    return holds(id -> !refused.test(id)) ? Outcome.OPEN : Outcome.LOST;
  }
}
