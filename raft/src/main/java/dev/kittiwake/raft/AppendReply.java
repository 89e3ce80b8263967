package dev.kittiwake.raft;

/** The follower's log agrees with the leader's up to {@code match}, durably. Raft §5.3. */
public record AppendReply(long from, long to, long term, long match, long round)
    implements Message {
  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onAppendReply(this);
  }
}
