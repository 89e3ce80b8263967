package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Keeps a region at the wanted number of replicas: replaces those on stores that are down or being
 * drained, adds what is missing, removes what is too much. The wanted number is the configured one,
 * or the number of stores that are up if there are fewer. A replica is never removed before its
 * replacement has caught up.
 */
public final class ReplicaChecker implements Checker {
  @Override
  public String name() {
    return "replica-checker";
  }

  @Override
  public Decision check(RegionRecord region, ClusterView view) {
    Decision.Trace trace = new Decision.Trace(name(), region.id());
    if (!region.hasLeader()) {
      return trace.because("no leader known").nothing();
    }
    if (region.isJoint()) {
      return trace.because("in a joint configuration").nothing();
    }
    int configured = view.config().maxReplicas();
    for (Peer peer : region.peers()) {
      String trouble = trouble(peer, view);
      if (!trouble.isEmpty()) {
        trace.because("peer " + peer.getId() + " on store " + peer.getStoreId() + " " + trouble);
        return region.peers().size() > configured
            ? remove("remove-extra-replica", region, peer, view, trace)
            : replace(region, peer, trouble, view, trace);
      }
    }
    int up = (int) view.stores().stream().filter(StoreView::isUp).count();
    int wanted = Math.min(configured, up);
    trace.because(region.peers().size() + " replicas, " + wanted + " wanted");
    if (region.peers().size() < wanted) {
      return add(region, view, trace);
    }
    return region.peers().size() > configured ? removeWorst(region, view, trace) : trace.nothing();
  }

  /** Why a replica must go; empty if it may stay. */
  private static String trouble(Peer peer, ClusterView view) {
    Optional<StoreView> store = view.store(peer.getStoreId());
    if (store.isEmpty() || store.get().isTombstone()) {
      return "is gone";
    }
    if (store.get().isOffline()) {
      return "is being drained";
    }
    return store.get().isDown(view.config()) ? "is down" : "";
  }

  private Decision add(RegionRecord region, ClusterView view, Decision.Trace trace) {
    Optional<StoreView> target = TargetStore.choose(region, view, trace);
    if (target.isEmpty()) {
      return trace.because("no store can take a replica").nothing();
    }
    OptionalLong id = view.newId();
    if (id.isEmpty()) {
      return trace.because("waiting for ids").nothing();
    }
    return trace.decide(
        Operator.of(
            "make-up-replica",
            Operator.Kind.REPLICA,
            region,
            List.of(
                new OperatorStep.AddLearner(target.get().id(), id.getAsLong()),
                new OperatorStep.PromoteLearner(target.get().id(), id.getAsLong()))));
  }

  private Decision replace(
      RegionRecord region, Peer old, String trouble, ClusterView view, Decision.Trace trace) {
    Optional<StoreView> target = TargetStore.choose(region, view, trace);
    if (target.isEmpty()) {
      return trace.because("no store can take its place").nothing();
    }
    OptionalLong id = view.newId();
    if (id.isEmpty()) {
      return trace.because("waiting for ids").nothing();
    }
    long newStore = target.get().id();
    long newPeer = id.getAsLong();
    List<OperatorStep> steps = new ArrayList<>();
    steps.add(new OperatorStep.AddLearner(newStore, newPeer));
    boolean joint = view.config().jointConsensus() && old.getRole() == PeerRole.Voter;
    boolean leads = region.leader().getId() == old.getId();
    if (joint) {
      steps.add(
          new OperatorStep.EnterJoint(
              List.of(new OperatorStep.Seat(newStore, newPeer)),
              List.of(new OperatorStep.Seat(old.getStoreId(), old.getId()))));
    } else {
      steps.add(new OperatorStep.PromoteLearner(newStore, newPeer));
    }
    if (leads) {
      steps.add(new OperatorStep.TransferLeader(newStore, newPeer));
    }
    if (joint) {
      steps.add(new OperatorStep.LeaveJoint(2));
    }
    steps.add(new OperatorStep.RemovePeer(old.getStoreId(), old.getId()));
    String name =
        trouble.equals("is being drained") ? "replace-offline-replica" : "replace-down-replica";
    return trace.decide(Operator.of(name, Operator.Kind.REPLICA, region, steps));
  }

  /** The worst is a learner, then one that lags, then the one on the fullest store. */
  private Decision removeWorst(RegionRecord region, ClusterView view, Decision.Trace trace) {
    Peer worst =
        region.peers().stream()
            .filter(peer -> peer.getId() != region.leader().getId())
            .max(
                Comparator.comparing((Peer peer) -> peer.getRole() == PeerRole.Learner)
                    .thenComparing(peer -> region.isDown(peer.getId()))
                    .thenComparing(peer -> region.isPending(peer.getId()))
                    .thenComparing(
                        peer -> view.store(peer.getStoreId()).map(StoreView::replicas).orElse(0))
                    .thenComparing(Peer::getStoreId))
            .orElseThrow();
    trace.because("peer " + worst.getId() + " on store " + worst.getStoreId() + " is the worst");
    return remove("remove-extra-replica", region, worst, view, trace);
  }

  private Decision remove(
      String name, RegionRecord region, Peer peer, ClusterView view, Decision.Trace trace) {
    List<OperatorStep> steps = new ArrayList<>();
    if (region.leader().getId() == peer.getId()) {
      Optional<Peer> successor =
          region.peers().stream()
              .filter(other -> other.getId() != peer.getId())
              .filter(other -> other.getRole() == PeerRole.Voter && trouble(other, view).isEmpty())
              .filter(other -> !region.isDown(other.getId()) && !region.isPending(other.getId()))
              .findFirst();
      if (successor.isEmpty()) {
        return trace.because("it leads and no other voter can").nothing();
      }
      steps.add(
          new OperatorStep.TransferLeader(successor.get().getStoreId(), successor.get().getId()));
    }
    steps.add(new OperatorStep.RemovePeer(peer.getStoreId(), peer.getId()));
    return trace.decide(Operator.of(name, Operator.Kind.REPLICA, region, steps));
  }
}
