package dev.kittiwake.raft;

/**
 * Answer to a {@link Vote}. Granted ones carry the vote's term, refusals the voter's own.
 *
 * @param commit what the voter knows to be committed; {@link Vote#commit}
 */
public record VoteReply(
    long from, long to, long term, boolean granted, boolean preVote, LogPosition commit)
    implements Message {
  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onVoteReply(this);
  }
}
