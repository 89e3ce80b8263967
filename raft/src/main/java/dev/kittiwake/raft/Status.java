package dev.kittiwake.raft;

import java.util.List;

/**
 * A replica at one moment.
 *
 * @param leader the leader as far as known, or 0
 * @param vote whom it voted for in {@code term}, or 0
 * @param commit highest index known to be committed
 * @param applied highest index the state machine reported as applied
 * @param lastIndex end of the log
 * @param transferee peer that leadership is being handed to, or 0
 * @param peers one for each member if this replica leads, else empty
 */
public record Status(
    long id,
    Role role,
    long term,
    long vote,
    long leader,
    long commit,
    long applied,
    long lastIndex,
    Membership membership,
    long transferee,
    List<Peer> peers) {
  public Status {
    peers = List.copyOf(peers);
  }

  /**
   * The leader's view of a member.
   *
   * @param match highest index known to be durable there
   * @param next the next index to be sent
   * @param flow how it is being fed
   * @param recentlyActive heard from since the last quorum check; the leader itself always is
   * @param pendingSnapshot index of the snapshot under way, or 0
   */
  public record Peer(
      long id, long match, long next, Flow flow, boolean recentlyActive, long pendingSnapshot) {}

  /** How a leader feeds a follower. */
  public enum Flow {
    /** One message at a time, to find where the logs agree. */
    PROBE,
    /** A stream of messages, ahead of the replies. */
    REPLICATE,
    /** Waiting for a snapshot. */
    SNAPSHOT
  }
}
