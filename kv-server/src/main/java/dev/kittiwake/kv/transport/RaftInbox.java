package dev.kittiwake.kv.transport;

import java.util.List;

/** The receiving side of a store. Thread-safe; never blocks. */
public interface RaftInbox {
  /** Takes messages, or drops them if too many wait. */
  void receive(List<Envelope> envelopes);

  /**
   * A connection from that store has broken: its process may have ended. A hint that may be wrong,
   * or late.
   */
  void connectionLost(long storeId);

  /**
   * Prepares for the snapshot that {@code announcement} announces.
   *
   * @throws IllegalStateException if no snapshot can be received now; the message says why
   */
  SnapshotReceiver receiveSnapshot(Envelope announcement);
}
