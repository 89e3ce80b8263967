package dev.kittiwake.raft;

/**
 * The follower's log does not agree at {@code rejected}. Raft §5.3, fast back-up: {@code hint} is
 * the last position of the follower at or before {@code rejected} whose term is not above that of
 * the refused one, so the leader skips whole terms at a time.
 *
 * @param rejected index of {@link Append#previous()}
 * @param hint a position of the follower's log where the logs may agree
 */
public record AppendRejected(
    long from, long to, long term, long rejected, LogPosition hint, long round) implements Message {
  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onAppendRejected(this);
  }
}
