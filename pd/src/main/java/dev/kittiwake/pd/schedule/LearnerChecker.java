package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.placement.RegionFit;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import java.util.List;

/**
 * Gives a learner that has caught up its vote, e.g. when the operator that added it was given up.
 * Learners that a rule wants stay.
 */
public final class LearnerChecker implements Checker {
  @Override
  public String name() {
    return "learner-checker";
  }

  @Override
  public Decision check(RegionRecord region, ClusterView view) {
    if (region.peers().stream().noneMatch(peer -> peer.getRole() == PeerRole.Learner)) {
      return Decision.settled(name(), region.id(), "no learner to promote");
    }
    Decision.Trace trace = new Decision.Trace(name(), region.id());
    RegionFit fit = Fits.of(region, view);
    for (Peer peer : region.peers()) {
      if (peer.getRole() != PeerRole.Learner) {
        continue;
      }
      String who = "learner " + peer.getId() + " on store " + peer.getStoreId();
      boolean wanted =
          fit.of(peer).filter(one -> one.rule().role() == Rule.Role.LEARNER).isPresent();
      if (wanted) {
        trace.because(who + " is wanted as it is");
        continue;
      }
      if (region.isPending(peer.getId()) || region.isDown(peer.getId())) {
        trace.because(who + " has not caught up");
        continue;
      }
      if (view.store(peer.getStoreId()).filter(StoreView::serves).isEmpty()) {
        trace.because(who + ": its store is not up");
        continue;
      }
      return trace
          .because(who + " has caught up")
          .decide(
              Operator.of(
                  "promote-learner",
                  Operator.Kind.REPLICA,
                  region,
                  List.of(new OperatorStep.PromoteLearner(peer.getStoreId(), peer.getId()))));
    }
    return trace.nothing();
  }
}
