package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.eraftpb.ConfChangeType;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.pdpb.ChangePeer;
import dev.kittiwake.proto.pdpb.ChangePeerV2;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One change of a region that its leader carries out, visible in a later heartbeat. */
public sealed interface OperatorStep
    permits OperatorStep.AddLearner,
        OperatorStep.PromoteLearner,
        OperatorStep.RemovePeer,
        OperatorStep.TransferLeader,
        OperatorStep.EnterJoint,
        OperatorStep.LeaveJoint,
        DemoteVoter,
        MergeRegion,
        SplitAtKeys,
        SplitInHalf {
  /** Whether {@code region} shows that the step is done. */
  boolean isDone(RegionRecord region);

  /** Whether {@code region} shows that its leader has begun: sending it again is of no use. */
  default boolean isUnderWay(RegionRecord region) {
    return false;
  }

  /** Why the step can no longer be carried out, if so; the operator is then given up. */
  Optional<String> obstacle(RegionRecord region);

  /** Puts the step into the message for the region's leader. */
  void writeTo(RegionHeartbeatResponse.Builder message);

  /** How long it may take, in milliseconds, for a region of this size. */
  default long timeoutMillis(long regionMiB) {
    return 60_000;
  }

  /** The store without which the step cannot be done; 0 if there is none. */
  default long neededStore() {
    return 0;
  }

  /** Whether the step itself changes the region's epoch in ways that nobody counts. */
  default boolean changesEpoch() {
    return false;
  }

  /** What it will change for stores once it is done. */
  default void count(Operator operator, int sign, Influence influence) {}

  /** How many changes of the configuration version the step may cause. */
  default int confVerChanges() {
    return 1;
  }

  static ChangePeer change(Peer peer, ConfChangeType type) {
    return ChangePeer.newBuilder().setPeer(peer).setChangeType(type).build();
  }

  static Peer peer(long peerId, long storeId, PeerRole role) {
    return Peer.newBuilder().setId(peerId).setStoreId(storeId).setRole(role).build();
  }

  static Optional<String> missing(RegionRecord region, long peerId) {
    return region.peer(peerId).isPresent()
        ? Optional.empty()
        : Optional.of("peer " + peerId + " is not in the region");
  }

  /** A new replica that does not vote; done when it has caught up. */
  record AddLearner(long storeId, long peerId) implements OperatorStep {
    @Override
    public long neededStore() {
      return storeId;
    }

    @Override
    public boolean isDone(RegionRecord region) {
      return region.peer(peerId).isPresent() && !region.isPending(peerId);
    }

    /** The replica is there and still catching up. */
    @Override
    public boolean isUnderWay(RegionRecord region) {
      return region.peer(peerId).isPresent();
    }

    @Override
    public Optional<String> obstacle(RegionRecord region) {
      return region
          .peerOn(storeId)
          .filter(peer -> peer.getId() != peerId)
          .map(peer -> "store " + storeId + " already has peer " + peer.getId());
    }

    @Override
    public void writeTo(RegionHeartbeatResponse.Builder message) {
      message.setChangePeer(
          change(peer(peerId, storeId, PeerRole.Learner), ConfChangeType.AddLearnerNode));
    }

    /** A snapshot has to travel. */
    @Override
    public long timeoutMillis(long regionMiB) {
      return Math.max(600_000, 6_000 * regionMiB);
    }

    @Override
    public void count(Operator operator, int sign, Influence influence) {
      influence.replica(storeId, sign, operator.regionMiB());
    }

    @Override
    public String toString() {
      return "add learner " + peerId + " on store " + storeId;
    }
  }

  /** A replica that has caught up gets its vote. */
  record PromoteLearner(long storeId, long peerId) implements OperatorStep {
    @Override
    public boolean isDone(RegionRecord region) {
      return region.peer(peerId).filter(peer -> peer.getRole() == PeerRole.Voter).isPresent();
    }

    @Override
    public Optional<String> obstacle(RegionRecord region) {
      return missing(region, peerId);
    }

    @Override
    public void writeTo(RegionHeartbeatResponse.Builder message) {
      message.setChangePeer(change(peer(peerId, storeId, PeerRole.Voter), ConfChangeType.AddNode));
    }

    @Override
    public String toString() {
      return "promote learner " + peerId + " on store " + storeId;
    }
  }

  /** A replica goes. */
  record RemovePeer(long storeId, long peerId) implements OperatorStep {
    @Override
    public boolean isDone(RegionRecord region) {
      return region.peer(peerId).isEmpty();
    }

    @Override
    public Optional<String> obstacle(RegionRecord region) {
      return region.leader().getId() == peerId
          ? Optional.of("peer " + peerId + " is the leader")
          : Optional.empty();
    }

    @Override
    public void writeTo(RegionHeartbeatResponse.Builder message) {
      message.setChangePeer(
          change(peer(peerId, storeId, PeerRole.Voter), ConfChangeType.RemoveNode));
    }

    @Override
    public void count(Operator operator, int sign, Influence influence) {
      influence.replica(storeId, -sign, operator.regionMiB());
    }

    @Override
    public String toString() {
      return "remove peer " + peerId + " from store " + storeId;
    }
  }

  /** Another voter takes the lead. */
  record TransferLeader(long storeId, long peerId) implements OperatorStep {
    @Override
    public long neededStore() {
      return storeId;
    }

    @Override
    public boolean isDone(RegionRecord region) {
      return region.leader().getId() == peerId;
    }

    @Override
    public Optional<String> obstacle(RegionRecord region) {
      Optional<Peer> target = region.peer(peerId);
      if (target.isPresent()
          && target.get().getRole() != PeerRole.Voter
          && target.get().getRole() != PeerRole.IncomingVoter) {
        return Optional.of("peer " + peerId + " does not vote");
      }
      return missing(region, peerId);
    }

    @Override
    public void writeTo(RegionHeartbeatResponse.Builder message) {
      message.setTransferLeader(
          dev.kittiwake.proto.pdpb.TransferLeader.newBuilder()
              .setPeer(peer(peerId, storeId, PeerRole.Voter)));
    }

    @Override
    public int confVerChanges() {
      return 0;
    }

    @Override
    public void count(Operator operator, int sign, Influence influence) {
      influence.leader(storeId, sign, operator.regionMiB());
      influence.leader(operator.leaderStore(), -sign, operator.regionMiB());
    }

    @Override
    public String toString() {
      return "transfer leader to peer " + peerId + " on store " + storeId;
    }
  }

  /** One replica of a joint change. */
  record Seat(long storeId, long peerId) {
    @Override
    public String toString() {
      return peerId + " on store " + storeId;
    }
  }

  /** Several roles change at once: both majorities count until the joint state is left. */
  record EnterJoint(List<Seat> promoted, List<Seat> demoted) implements OperatorStep {
    public EnterJoint {
      promoted = List.copyOf(promoted);
      demoted = List.copyOf(demoted);
    }

    @Override
    public boolean isDone(RegionRecord region) {
      return promoted.stream()
              .allMatch(
                  seat ->
                      has(region, seat, PeerRole.IncomingVoter)
                          || has(region, seat, PeerRole.Voter))
          && demoted.stream()
              .allMatch(
                  seat ->
                      has(region, seat, PeerRole.DemotingVoter)
                          || has(region, seat, PeerRole.Learner));
    }

    private static boolean has(RegionRecord region, Seat seat, PeerRole role) {
      return region.peer(seat.peerId()).filter(peer -> peer.getRole() == role).isPresent();
    }

    @Override
    public Optional<String> obstacle(RegionRecord region) {
      List<Seat> all = new ArrayList<>(promoted);
      all.addAll(demoted);
      return all.stream()
          .map(seat -> missing(region, seat.peerId()))
          .flatMap(Optional::stream)
          .findFirst();
    }

    @Override
    public void writeTo(RegionHeartbeatResponse.Builder message) {
      ChangePeerV2.Builder changes = ChangePeerV2.newBuilder();
      promoted.forEach(
          seat ->
              changes.addChanges(
                  change(
                      peer(seat.peerId(), seat.storeId(), PeerRole.Voter),
                      ConfChangeType.AddNode)));
      demoted.forEach(
          seat ->
              changes.addChanges(
                  change(
                      peer(seat.peerId(), seat.storeId(), PeerRole.Learner),
                      ConfChangeType.AddLearnerNode)));
      message.setChangePeerV2(changes);
    }

    @Override
    public int confVerChanges() {
      return promoted.size() + demoted.size();
    }

    @Override
    public String toString() {
      return "enter joint: promote " + promoted + ", demote " + demoted;
    }
  }

  /** Back to one majority. */
  record LeaveJoint(int roles) implements OperatorStep {
    @Override
    public boolean isDone(RegionRecord region) {
      return !region.isJoint();
    }

    @Override
    public Optional<String> obstacle(RegionRecord region) {
      return region
          .peer(region.leader().getId())
          .filter(peer -> peer.getRole() == PeerRole.DemotingVoter)
          .map(peer -> "the leader, peer " + peer.getId() + ", is being demoted");
    }

    @Override
    public void writeTo(RegionHeartbeatResponse.Builder message) {
      message.setChangePeerV2(ChangePeerV2.getDefaultInstance());
    }

    @Override
    public int confVerChanges() {
      return roles;
    }

    @Override
    public String toString() {
      return "leave joint";
    }
  }
}
