package dev.kittiwake.raft;

import java.util.Objects;

/** One step of a {@link MembershipChange}. */
public record Change(Kind kind, long peer) {
  /** What happens to the peer; the order is part of the binary format. */
  public enum Kind {
    /** Adds a voter, or promotes a learner. */
    ADD_VOTER,
    /** Adds a learner, or demotes a voter. */
    ADD_LEARNER,
    /** Takes a voter or learner out. */
    REMOVE
  }

  public Change {
    Objects.requireNonNull(kind, "kind");
    if (peer <= 0) {
      throw new IllegalArgumentException("peer ids are positive: " + peer);
    }
  }

  public static Change addVoter(long peer) {
    return new Change(Kind.ADD_VOTER, peer);
  }

  public static Change addLearner(long peer) {
    return new Change(Kind.ADD_LEARNER, peer);
  }

  public static Change remove(long peer) {
    return new Change(Kind.REMOVE, peer);
  }
}
