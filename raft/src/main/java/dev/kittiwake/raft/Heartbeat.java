package dev.kittiwake.raft;

/**
 * The leader is alive. Raft §5.2.
 *
 * @param commit what the follower may take as committed: never above what it is known to hold
 * @param round comes back in the reply; a quorum of replies proves leadership when the round was
 *     sent
 */
public record Heartbeat(long from, long to, long term, long commit, long round) implements Message {
  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onHeartbeat(this);
  }
}
