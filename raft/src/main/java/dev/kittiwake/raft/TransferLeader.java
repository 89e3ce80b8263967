package dev.kittiwake.raft;

/** A follower passes on a request to hand leadership to {@code target}. */
public record TransferLeader(long from, long to, long term, long target) implements Message {
  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onTransferLeader(this);
  }
}
