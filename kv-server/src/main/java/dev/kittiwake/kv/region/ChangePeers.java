package dev.kittiwake.kv.region;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.ChangePeersCommand;
import dev.kittiwake.proto.store.PeerChange;
import dev.kittiwake.raft.Change;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.MembershipChange;
import dev.kittiwake.raft.Proposal;
import dev.kittiwake.raft.Status;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Changing who holds replicas: one change in a simple step, several through a joint configuration,
 * which the leader leaves by itself.
 */
final class ChangePeers {
  private ChangePeers() {}

  /** Checks and proposes. Store loop. Null = applied. */
  static CompletableFuture<Error> start(RegionReplica replica, List<PeerChange> changes) {
    CompletableFuture<Error> answer = new CompletableFuture<>();
    RegionFace face = replica.face();
    String objection;
    try {
      ConfChange.apply(face.region(), changes);
      objection = objection(replica, changes);
    } catch (ConfChange.Refused refused) {
      objection = refused.getMessage();
    }
    if (objection != null) {
      answer.complete(
          RegionErrors.other(
              "cannot change the peers of region " + face.region().getId() + ": " + objection));
      return answer;
    }
    Proposal proposal = replica.driver().proposeMembership(encode(face.region(), changes));
    if (proposal instanceof Proposal.Accepted accepted) {
      replica.await(new Pending.Command(accepted.index(), accepted.term(), answer));
    } else {
      answer.complete(Refusals.of(replica, (Proposal.Refused) proposal));
    }
    return answer;
  }

  private static MembershipChange encode(Region region, List<PeerChange> changes) {
    byte[] context =
        ChangePeersCommand.newBuilder()
            .setEpoch(region.getRegionEpoch())
            .addAllChanges(changes)
            .build()
            .toByteArray();
    List<Change> steps = changes.stream().map(ChangePeers::step).toList();
    if (steps.isEmpty()) {
      return MembershipChange.leaveJoint(context);
    }
    return steps.size() == 1
        ? MembershipChange.simple(steps.get(0), context)
        : MembershipChange.enterJoint(steps, true, context);
  }

  private static Change step(PeerChange change) {
    long peer = change.getPeer().getId();
    return switch (change.getKind()) {
      case ADD_VOTER -> Change.addVoter(peer);
      case ADD_LEARNER -> Change.addLearner(peer);
      default -> Change.remove(peer);
    };
  }

  /** Why the change would be unsafe now, or null. */
  private static String objection(RegionReplica replica, List<PeerChange> changes) {
    if (replica.merge().state() != null || replica.merge().isPreparing()) {
      return "it is being merged";
    }
    Status status = replica.driver().status();
    for (PeerChange change : changes) {
      boolean self = change.getPeer().getId() == status.id();
      if (self && change.getKind() != PeerChange.Kind.ADD_VOTER) {
        return "the leader must hand over its leadership first";
      }
      boolean promotes =
          change.getKind() == PeerChange.Kind.ADD_VOTER
              && status.membership().learners().contains(change.getPeer().getId());
      if (promotes && waitsForSnapshot(status, change.getPeer().getId())) {
        return "learner " + change.getPeer().getId() + " still waits for a snapshot";
      }
    }
    Membership next;
    try {
      next = status.membership().after(encode(replica.face().region(), changes));
    } catch (IllegalArgumentException unfit) {
      // Raft is ahead of what is applied here: a step that was sent twice has just been taken.
      return "it has other members by now (" + unfit.getMessage() + ")";
    }
    long alive = next.voters().stream().filter(id -> isAlive(status, id)).count();
    return alive * 2 > next.voters().size()
        ? null
        : "only " + alive + " of " + next.voters().size() + " voters would be alive";
  }

  private static boolean waitsForSnapshot(Status status, long peer) {
    return status.peers().stream()
        .anyMatch(p -> p.id() == peer && (p.pendingSnapshot() != 0 || p.match() == 0));
  }

  /**
   * A peer that is not there yet counts as alive: it is the one to be added. One from which this
   * leader has not heard at all does not: a new leader has yet to learn who is there.
   */
  private static boolean isAlive(Status status, long peer) {
    return status.peers().stream()
        .noneMatch(p -> p.id() == peer && (!p.recentlyActive() || p.match() == 0));
  }

  static void apply(
      ApplyRound round,
      RegionReplica replica,
      RegionApplier applier,
      MembershipChange change,
      Pending pending) {
    Region before = applier.region();
    Region after;
    try {
      after = ConfChange.apply(before, changes(before, change));
    } catch (ConfChange.Refused refused) {
      // Raft has taken the change over already: going on would let the two views part.
      throw new IllegalStateException(
          "region " + before.getId() + " cannot apply " + change + ": " + refused.getMessage());
    }
    applier.become(after, applier.membership().after(change));
    RegionRecords.put(round.batch(), applier.record());
    if (Regions.peer(after, applier.peer().getId()) == null) {
      applier.markRemoved();
    }
    // Who hears that it was removed forgets the group for ever. Those who stay must not be able to
    // forget its removal in a power cut: they would count on its vote.
    round.afterwards(round.engine()::syncLog);
    applier.onLoopAfterwards(
        round,
        () -> {
          replica.onMembershipChanged(before, after);
          if (pending instanceof Pending.Command command) {
            command.answer().complete(null);
          }
        });
  }

  private static List<PeerChange> changes(Region before, MembershipChange change) {
    if (change.leavesJoint()) {
      return List.of();
    }
    try {
      ChangePeersCommand command = ChangePeersCommand.parseFrom(change.context());
      if (command.getEpoch().getConfVer() != before.getRegionEpoch().getConfVer()) {
        throw new IllegalStateException(
            "a change of members of region "
                + before.getId()
                + " was made for epoch "
                + Regions.describe(command.getEpoch())
                + ", but it is "
                + Regions.describe(before.getRegionEpoch()));
      }
      return command.getChangesList();
    } catch (InvalidProtocolBufferException broken) {
      throw new IllegalStateException("a change of members cannot be read", broken);
    }
  }

  /** The peers that {@code after} no longer has. */
  static List<Peer> gone(Region before, Region after) {
    return before.getPeersList().stream()
        .filter(peer -> Regions.peer(after, peer.getId()) == null)
        .toList();
  }
}
