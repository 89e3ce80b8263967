package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.eraftpb.ConfChangeType;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import java.util.Optional;

/** A replica loses its vote and stays as a learner, because a rule wants it so. */
record DemoteVoter(long storeId, long peerId) implements OperatorStep {
  @Override
  public boolean isDone(RegionRecord region) {
    return region.peer(peerId).filter(peer -> peer.getRole() == PeerRole.Learner).isPresent();
  }

  @Override
  public Optional<String> obstacle(RegionRecord region) {
    return region.leader().getId() == peerId
        ? Optional.of("peer " + peerId + " is the leader")
        : OperatorStep.missing(region, peerId);
  }

  @Override
  public void writeTo(RegionHeartbeatResponse.Builder message) {
    message.setChangePeer(
        OperatorStep.change(
            OperatorStep.peer(peerId, storeId, PeerRole.Learner), ConfChangeType.AddLearnerNode));
  }

  @Override
  public String toString() {
    return "demote voter " + peerId + " on store " + storeId;
  }
}
