package dev.kittiwake.raft;

/**
 * Answer to a {@link Heartbeat}. Round 0 with a higher term tells a deposed leader about that term.
 */
public record HeartbeatReply(long from, long to, long term, long round) implements Message {
  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onHeartbeatReply(this);
  }
}
