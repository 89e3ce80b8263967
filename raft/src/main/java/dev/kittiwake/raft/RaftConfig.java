package dev.kittiwake.raft;

/**
 * Settings of one replica.
 *
 * @param id this replica's peer id, positive
 * @param electionTicks a follower campaigns after this many ticks without a leader, plus a random
 *     part below two thirds of as many; a leader that has not heard from a quorum in so many ticks
 *     resigns
 * @param heartbeatTicks ticks between heartbeats, below {@code electionTicks}
 * @param preVote ask before campaigning, so that a replica that comes back does not disturb
 * @param checkQuorum a leader without a quorum resigns, and voters ignore candidates while they
 *     hear a leader
 * @param maxEntryBytes largest payload of a proposal
 * @param maxAppendBytes entries of one message, in bytes; a single entry may exceed it
 * @param maxInflight messages with entries under way to one follower
 * @param maxCommittedBytesPerReady committed entries handed out at once
 * @param maxUncommittedBytes proposals are refused as busy beyond so much that is not yet committed
 * @param maxUnappliedBytes no more committed entries are handed out while so much is being applied
 */
public record RaftConfig(
    long id,
    int electionTicks,
    int heartbeatTicks,
    boolean preVote,
    boolean checkQuorum,
    long maxEntryBytes,
    long maxAppendBytes,
    int maxInflight,
    long maxCommittedBytesPerReady,
    long maxUncommittedBytes,
    long maxUnappliedBytes) {
  private static final long MIB = 1024 * 1024;

  public RaftConfig {
    require(id > 0, "peer id must be positive: " + id);
    require(heartbeatTicks > 0, "heartbeat ticks must be positive: " + heartbeatTicks);
    require(
        electionTicks > heartbeatTicks,
        "election ticks ("
            + electionTicks
            + ") must exceed heartbeat ticks ("
            + heartbeatTicks
            + ")");
    require(maxEntryBytes > 0, "max entry bytes must be positive: " + maxEntryBytes);
    require(maxAppendBytes > 0, "max append bytes must be positive: " + maxAppendBytes);
    require(maxInflight > 0, "max inflight must be positive: " + maxInflight);
    require(
        maxCommittedBytesPerReady > 0,
        "max committed bytes must be positive: " + maxCommittedBytesPerReady);
    require(
        maxUncommittedBytes > 0, "max uncommitted bytes must be positive: " + maxUncommittedBytes);
    require(maxUnappliedBytes > 0, "max unapplied bytes must be positive: " + maxUnappliedBytes);
  }

  /**
   * The defaults: election 10 ticks, heartbeat 2, pre-vote and check quorum on, 1 MiB messages, 256
   * in flight.
   */
  public static RaftConfig of(long id) {
    return new RaftConfig(id, 10, 2, true, true, 8 * MIB, MIB, 256, 16 * MIB, 64 * MIB, 64 * MIB);
  }

  public RaftConfig withTicks(int election, int heartbeat) {
    return new RaftConfig(
        id,
        election,
        heartbeat,
        preVote,
        checkQuorum,
        maxEntryBytes,
        maxAppendBytes,
        maxInflight,
        maxCommittedBytesPerReady,
        maxUncommittedBytes,
        maxUnappliedBytes);
  }

  public RaftConfig withElectionRules(boolean askFirst, boolean resignWithoutQuorum) {
    return new RaftConfig(
        id,
        electionTicks,
        heartbeatTicks,
        askFirst,
        resignWithoutQuorum,
        maxEntryBytes,
        maxAppendBytes,
        maxInflight,
        maxCommittedBytesPerReady,
        maxUncommittedBytes,
        maxUnappliedBytes);
  }

  public RaftConfig withFlow(long appendBytes, int inflight) {
    return new RaftConfig(
        id,
        electionTicks,
        heartbeatTicks,
        preVote,
        checkQuorum,
        maxEntryBytes,
        appendBytes,
        inflight,
        maxCommittedBytesPerReady,
        maxUncommittedBytes,
        maxUnappliedBytes);
  }

  public RaftConfig withLimits(long entryBytes, long uncommittedBytes) {
    return new RaftConfig(
        id,
        electionTicks,
        heartbeatTicks,
        preVote,
        checkQuorum,
        entryBytes,
        maxAppendBytes,
        maxInflight,
        maxCommittedBytesPerReady,
        uncommittedBytes,
        maxUnappliedBytes);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
