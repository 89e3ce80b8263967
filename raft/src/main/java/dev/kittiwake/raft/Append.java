package dev.kittiwake.raft;

import java.util.List;

/**
 * Asks a follower to append {@code entries} after {@code previous}. Raft §5.3. May be lost or
 * repeated; empty entries ask whether the logs agree at {@code previous} and tell the commit index.
 *
 * @param round the leader's newest round when it sent this; comes back in the reply
 */
public record Append(
    long from,
    long to,
    long term,
    LogPosition previous,
    List<Entry> entries,
    long commit,
    long round)
    implements Message {
  public Append {
    entries = List.copyOf(entries);
    if (!entries.isEmpty() && entries.get(0).index() != previous.index() + 1) {
      throw new IllegalArgumentException(
          "entries from " + entries.get(0).index() + " must follow " + previous);
    }
  }

  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onAppend(this);
  }
}
