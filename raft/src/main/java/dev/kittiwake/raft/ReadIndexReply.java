package dev.kittiwake.raft;

/**
 * Answer to a {@link ReadIndexRequest}.
 *
 * @param index apply up to it, then read; {@link #REFUSED} = ask again later
 */
public record ReadIndexReply(long from, long to, long term, long requestId, long index)
    implements Message {
  /** The leader cannot answer. */
  public static final long REFUSED = -1;

  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onReadIndexReply(this);
  }
}
