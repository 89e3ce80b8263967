package dev.kittiwake.pd.replica;

import dev.kittiwake.raft.Membership;

/** Told, on the loop, when this member starts and stops to lead. */
public interface LeadershipListener {
  /** This member leads and its state is complete: everything of earlier leaders is applied. */
  void onLead(long term);

  /** This member no longer leads (or not any more in that term). */
  void onFollow(long leader);

  /** The members have changed, or this one has been brought up to date by a snapshot. */
  void onMembership(Membership membership);

  /** A command was applied that was made since this member started. */
  void onNews();

  /** A majority has answered something that was sent at {@code sentAtNanos}. */
  void onQuorumContact(long sentAtNanos);

  /** Leadership is being handed over: do not rely on a lease any more. */
  void onLeaseRevoked();
}
