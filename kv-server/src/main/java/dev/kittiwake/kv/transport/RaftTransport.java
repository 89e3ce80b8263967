package dev.kittiwake.kv.transport;

import java.util.function.Consumer;

/** Carries messages and snapshots to other stores. Thread-safe; never blocks. */
public interface RaftTransport extends AutoCloseable {
  /** Sends to the store of {@code envelope.to()}; may drop, repeat or reorder. */
  void send(Envelope envelope);

  /** The end of a round of sending: what was gathered should leave now. */
  void flush();

  /**
   * Streams a snapshot. {@code done} is called once, on any thread: true if the other store has all
   * of it. The snapshot is closed by the transport in either case.
   */
  void sendSnapshot(OutgoingSnapshot snapshot, Consumer<Boolean> done);

  @Override
  void close();
}
