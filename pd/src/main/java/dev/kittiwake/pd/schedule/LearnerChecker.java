package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import java.util.List;

/**
 * Gives a learner that has caught up its vote, e.g. when the operator that added it was given up.
 */
public final class LearnerChecker implements Checker {
  @Override
  public String name() {
    return "learner-checker";
  }

  @Override
  public Decision check(RegionRecord region, ClusterView view) {
    Decision.Trace trace = new Decision.Trace(name(), region.id());
    for (Peer peer : region.peers()) {
      if (peer.getRole() != PeerRole.Learner) {
        continue;
      }
      if (region.isPending(peer.getId()) || region.isDown(peer.getId())) {
        trace.because("learner " + peer.getId() + " has not caught up");
        continue;
      }
      boolean serves =
          view.store(peer.getStoreId())
              .filter(store -> store.isUp() && !store.isDisconnected(view.config()))
              .isPresent();
      if (!serves) {
        trace.because("learner " + peer.getId() + " is on store " + peer.getStoreId() + ", not up");
        continue;
      }
      return trace
          .because("learner " + peer.getId() + " on store " + peer.getStoreId() + " has caught up")
          .decide(
              Operator.of(
                  "promote-learner",
                  Operator.Kind.REPLICA,
                  region,
                  List.of(new OperatorStep.PromoteLearner(peer.getStoreId(), peer.getId()))));
    }
    return trace.because("no learner to promote").nothing();
  }
}
