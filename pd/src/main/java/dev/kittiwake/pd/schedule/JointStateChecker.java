package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A region that was left in a joint configuration, e.g. by an operator that timed out, leaves it.
 */
public final class JointStateChecker implements Checker {
  @Override
  public String name() {
    return "joint-state-checker";
  }

  @Override
  public Decision check(RegionRecord region, ClusterView view) {
    if (!region.isJoint()) {
      return Decision.settled(name(), region.id(), "not in a joint configuration");
    }
    Decision.Trace trace = new Decision.Trace(name(), region.id());
    List<OperatorStep> steps = new ArrayList<>();
    if (role(region, region.leader().getId()) == PeerRole.DemotingVoter) {
      Optional<Peer> successor =
          region.peers().stream()
              .filter(
                  peer ->
                      peer.getRole() == PeerRole.Voter || peer.getRole() == PeerRole.IncomingVoter)
              .filter(peer -> !region.isDown(peer.getId()) && !region.isPending(peer.getId()))
              .findFirst();
      if (successor.isEmpty()) {
        return trace.because("the leader is being demoted and no other voter can lead").nothing();
      }
      trace.because("the leader is being demoted");
      steps.add(
          new OperatorStep.TransferLeader(successor.get().getStoreId(), successor.get().getId()));
    }
    int roles =
        (int)
            region.peers().stream()
                .filter(
                    peer ->
                        peer.getRole() == PeerRole.IncomingVoter
                            || peer.getRole() == PeerRole.DemotingVoter)
                .count();
    steps.add(new OperatorStep.LeaveJoint(roles));
    return trace
        .because("left in a joint configuration")
        .decide(Operator.of("leave-joint-state", Operator.Kind.ADMIN, region, steps));
  }

  private static PeerRole role(RegionRecord region, long peerId) {
    return region.peer(peerId).map(Peer::getRole).orElse(PeerRole.Voter);
  }
}
