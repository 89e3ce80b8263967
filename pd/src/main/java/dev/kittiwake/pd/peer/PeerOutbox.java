package dev.kittiwake.pd.peer;

import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.PeerEnvelope;
import java.util.concurrent.CompletableFuture;

/**
 * Carries envelopes to other members. May lose, repeat and reorder them; never blocks. Called on
 * the member's loop.
 */
public interface PeerOutbox {
  /**
   * @param to with the addresses that it is thought to have
   */
  void send(MemberRecord to, PeerEnvelope envelope);

  /**
   * Sends an envelope with a whole snapshot, which may be long.
   *
   * @return completed, on any thread, when it has arrived; failed if it did not
   */
  default CompletableFuture<Void> sendSnapshot(MemberRecord to, PeerEnvelope envelope) {
    send(to, envelope);
    return CompletableFuture.completedFuture(null);
  }

  /** For a member that is alone: there is nobody to send to. */
  static PeerOutbox none() {
    return (to, envelope) -> {};
  }
}
