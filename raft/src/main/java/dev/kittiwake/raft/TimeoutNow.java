package dev.kittiwake.raft;

/**
 * Asks a follower that has the whole log to campaign at once. Leadership transfer: Ongaro's thesis
 * §3.10.
 *
 * @param round the leader's newest round. It starts no other while the transfer lasts, so voters
 *     that have seen a later round know that the transfer was given up
 */
public record TimeoutNow(long from, long to, long term, long round) implements Message {
  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onTimeoutNow(this);
  }
}
