package dev.kittiwake.raft;

/**
 * A follower asks its leader for an index at which a read is linearizable. Ongaro's thesis §6.4.
 */
public record ReadIndexRequest(long from, long to, long term, long requestId) implements Message {
  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onReadIndexRequest(this);
  }
}
