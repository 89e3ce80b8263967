package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionIds;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import java.util.List;
import java.util.Optional;

/**
 * Takes leaders away from a store, whatever the balance: what several schedulers have in common.
 */
final class Handover {
  private static final int TRIES = 32;

  private Handover() {}

  /** The next leader of {@code storeId} to hand over; none if there is none that can. */
  static Optional<Operator> next(
      long storeId, String name, ClusterView view, Decision.Trace trace) {
    RegionIds ids = view.tree().leadersOn(storeId);
    int from = ids.isEmpty() ? 0 : view.random().nextInt(ids.size());
    for (int i = 0; i < Math.min(TRIES, ids.size()); i++) {
      RegionRecord region = view.region(ids.at((from + i) % ids.size())).orElseThrow();
      if (view.isBusy(region.id()) || region.isJoint()) {
        continue;
      }
      Optional<Operator> operator = of(region, name, view, trace);
      if (operator.isPresent()) {
        return operator;
      }
    }
    return Optional.empty();
  }

  /** To the replica's store with the fewest leaders. */
  private static Optional<Operator> of(
      RegionRecord region, String name, ClusterView view, Decision.Trace trace) {
    Peer best = null;
    double bestScore = Double.MAX_VALUE;
    for (Peer peer : region.peers()) {
      StoreView store = view.store(peer.getStoreId()).orElse(null);
      if (store == null
          || peer.getId() == region.leader().getId()
          || !BalanceLeader.mayLead(region, peer)) {
        continue;
      }
      String refused = Filters.refuse(Filters.LEADER_TARGET, store, view);
      if (refused.isEmpty() && !LeaderRoles.allow(region, peer, view)) {
        refused = "may not lead by a rule";
      }
      if (!refused.isEmpty()) {
        trace.refused(store.id(), refused);
      } else if (store.leaderScore(0) < bestScore) {
        best = peer;
        bestScore = store.leaderScore(0);
      }
    }
    if (best == null) {
      return Optional.empty();
    }
    trace.scored(best.getStoreId(), bestScore, true);
    return Optional.of(
        Operator.of(
                name,
                Operator.Kind.LEADER,
                region,
                List.of(new OperatorStep.TransferLeader(best.getStoreId(), best.getId())))
            .with(Operator.Priority.HIGH));
  }
}
