package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.raft.Proposal;

/** Why a replica does not propose what it was asked to, as the region error for the client. */
final class Refusals {
  private Refusals() {}

  /** Why a write or split under this view cannot be proposed, or null. Store loop. */
  static Error of(RegionReplica replica, RegionView view) {
    RegionFace now = replica.face();
    long regionId = replica.regionId();
    if (replica.isDestroyed()) {
      return RegionErrors.regionNotFound(regionId);
    }
    if (!now.leads()) {
      return RegionErrors.notLeader(regionId, now.leader());
    }
    if (view.term() != now.term()) {
      return RegionErrors.staleCommand(
          "admitted in term " + view.term() + ", now it is " + now.term());
    }
    if (view.version() != now.version()) {
      return RegionErrors.epochNotMatch(
          "the region was split or merged meanwhile", replica.context().currentRegions(now));
    }
    if (now.merging()) {
      return RegionErrors.merging(regionId);
    }
    return null;
  }

  /** The region error for a proposal that raft refused. */
  static Error of(RegionReplica replica, Proposal.Refused refusal) {
    return switch (refusal.reason()) {
      case NOT_LEADER ->
          RegionErrors.notLeader(
              replica.regionId(), Regions.peer(replica.face().region(), refusal.leader()));
      case TRANSFERRING -> RegionErrors.staleCommand("Raft ProposalDropped: " + refusal.detail());
      case BUSY -> RegionErrors.busy(refusal.detail());
      case TOO_LARGE ->
          RegionErrors.entryTooLarge(
              replica.regionId(), 0, replica.context().settings().maxEntryBytes());
      case INVALID_CHANGE -> RegionErrors.other(refusal.detail());
    };
  }
}
