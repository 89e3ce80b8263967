package dev.kittiwake.raft;

/**
 * Asks for a vote. Raft §5.2, §5.4.1; pre-vote: Ongaro's thesis §9.6.
 *
 * @param term the term to be led; for a pre-vote one more than the sender's own
 * @param last the end of the candidate's log
 * @param commit what the candidate knows to be committed. Whoever holds that entry knows it from
 *     now on: it may hold a change of members without which nobody could be elected
 * @param preVote only asks whether a vote would be granted; binds nobody
 * @param transferRound the leader's round when it handed over leadership to the sender ({@link
 *     TimeoutNow}), which lets voters forget the lease of that leader; -1 = an ordinary election
 */
public record Vote(
    long from,
    long to,
    long term,
    LogPosition last,
    LogPosition commit,
    boolean preVote,
    long transferRound)
    implements Message {
  /** No leadership transfer stands behind this vote. */
  public static final long NO_TRANSFER = -1;

  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onVote(this);
  }
}
