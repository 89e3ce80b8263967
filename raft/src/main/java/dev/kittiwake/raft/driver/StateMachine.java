package dev.kittiwake.raft.driver;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.SnapshotDescriptor;
import java.util.List;
import java.util.Optional;

/**
 * What a group replicates. Called on the group's loop thread, from within {@link RaftDriver}; must
 * not block.
 */
public interface StateMachine {
  /** Where the state machine stands when its driver is made: what was last applied durably. */
  Restored restored();

  /**
   * Hands over committed entries in order, each once in the life of a driver, of every kind:
   * membership changes and empty entries too, so that the applied index advances. Answered later by
   * {@link RaftDriver#applied}.
   */
  void apply(List<Entry> committed);

  /**
   * Replace the whole state by this snapshot, durably; answered later by {@link
   * RaftDriver#snapshotInstalled}.
   */
  void install(SnapshotDescriptor snapshot);

  /**
   * The newest snapshot, for a peer that lags; empty = being prepared, asked again on a later tick.
   */
  Optional<SnapshotDescriptor> snapshot();

  /** Once everything up to {@code index} is applied, the read {@code requestId} may be served. */
  void onReadReady(long requestId, long index);

  /** The read can not be served by this leadership; ask again. */
  void onReadFailed(long requestId);

  /**
   * After every change of term, leader or role.
   *
   * @param leader the leader as far as known, or 0
   */
  void onLeaderChange(long term, long leader, boolean weLead);

  /**
   * A quorum has answered a message that left at {@code sentAtNanos} or later: no other leader can
   * have been elected within one election timeout after it, unless this one hands over ({@link
   * #onLeaseRevoked}). A lease may run from {@code sentAtNanos}.
   */
  void onQuorumContact(long sentAtNanos);

  /**
   * Leadership is about to be handed over: a lease must not be used from now until the next quorum
   * contact.
   */
  void onLeaseRevoked();
}
