package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.placement.RegionFit;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a region at the replicas that its rules want: replaces those on stores that are down or
 * being drained, adds what is missing, removes what is too much. A replica is never removed before
 * its replacement has caught up.
 */
public final class ReplicaChecker implements Checker {
  @Override
  public String name() {
    return "replica-checker";
  }

  @Override
  public Decision check(RegionRecord region, ClusterView view) {
    if (Fits.isPlainlyGood(region, view)) {
      return Decision.settled(name(), region.id(), region.peers().size() + " replicas as wanted");
    }
    Decision.Trace trace = new Decision.Trace(name(), region.id());
    if (!region.hasLeader()) {
      return trace.because("no leader known").nothing();
    }
    if (region.isJoint()) {
      return trace.because("in a joint configuration").nothing();
    }
    RegionFit fit = Fits.of(region, view);
    for (Peer peer : region.peers()) {
      String trouble = Fits.trouble(region, peer, view);
      if (!trouble.isEmpty()) {
        trace.because("peer " + peer.getId() + " on store " + peer.getStoreId() + " " + trouble);
        if (isReplacedAlready(region, peer, view)) {
          return remove(region, peer, view, trace);
        }
        return fit.of(peer).isPresent()
            ? replace(region, peer, trouble, fit.of(peer).get(), view, trace)
            : fit.isComplete() ? remove(region, peer, view, trace) : fill(region, fit, view, trace);
      }
    }
    return fit.isComplete() ? trim(region, fit, view, trace) : fill(region, fit, view, trace);
  }

  /**
   * Whether the others are all that the rules want, each well and on a store that stays: e.g. after
   * a replacement that was given up half-way because the region was split.
   */
  private static boolean isReplacedAlready(RegionRecord region, Peer peer, ClusterView view) {
    return Fits.without(peer, region, view).fits().stream().allMatch(RegionFit.RuleFit::isSatisfied)
        && region.peers().stream()
            .filter(other -> other.getId() != peer.getId())
            .allMatch(
                other ->
                    Fits.trouble(region, other, view).isEmpty()
                        && !region.isPending(other.getId())
                        && !region.isDown(other.getId()));
  }

  /** Adds what the first rule that lacks something lacks, in the place of what nobody wants. */
  private static Decision fill(
      RegionRecord region, RegionFit fit, ClusterView view, Decision.Trace trace) {
    for (RegionFit.RuleFit one : fit.fits()) {
      if (one.peers().size() == one.rule().count()) {
        continue;
      }
      trace.because(
          one.peers().size() + " replicas for rule " + one.rule() + ", " + one.rule().count());
      Optional<StoreView> target =
          repairTarget(
              region, one.rule(), TargetStore.stores(one.peers(), null, view), view, trace);
      if (target.isEmpty()) {
        trace.because("no store can take a replica");
        continue;
      }
      Rearrangement plan = seat(new Rearrangement(region, view), target.get(), one.rule());
      boolean moves = !fit.orphans().isEmpty();
      if (moves) {
        plan.without(worst(region, fit.orphans(), view).getStoreId());
      }
      return decide(
          plan, moves ? "fix-peer-location" : "make-up-replica", Operator.Priority.HIGH, trace);
    }
    return trace.nothing();
  }

  private static Optional<StoreView> repairTarget(
      RegionRecord region, Rule rule, List<Store> mates, ClusterView view, Decision.Trace trace) {
    Optional<StoreView> well =
        TargetStore.choose(region, rule, mates, 0, Filters.REPAIR_TARGET, view, trace);
    SlowFilter slow = new SlowFilter();
    if (well.isPresent()
        || view.stores().stream().allMatch(store -> slow.refuse(store, view).isEmpty())) {
      return well;
    }
    trace.because("no store that is not slow can take a replica");
    return TargetStore.choose(region, rule, mates, 0, Filters.LAST_TARGET, view, trace);
  }

  private static Rearrangement seat(Rearrangement plan, StoreView store, Rule rule) {
    return rule.role() == Rule.Role.LEARNER ? plan.learner(store.id()) : plan.voter(store.id());
  }

  private static Decision replace(
      RegionRecord region,
      Peer old,
      String trouble,
      RegionFit.RuleFit fit,
      ClusterView view,
      Decision.Trace trace) {
    boolean drained = trouble.equals("is being drained");
    List<Store> mates = TargetStore.stores(fit.peers(), old, view);
    Optional<StoreView> target =
        drained
            ? TargetStore.choose(region, fit.rule(), mates, 0, Filters.BALANCE_TARGET, view, trace)
            : repairTarget(region, fit.rule(), mates, view, trace);
    if (target.isEmpty()) {
      return trace.because("no store can take its place").nothing();
    }
    Rearrangement plan = seat(new Rearrangement(region, view), target.get(), fit.rule());
    return decide(
        plan.without(old.getStoreId()),
        drained ? "replace-offline-replica" : "replace-down-replica",
        drained ? Operator.Priority.MEDIUM : Operator.Priority.URGENT,
        trace);
  }

  private static Decision trim(
      RegionRecord region, RegionFit fit, ClusterView view, Decision.Trace trace) {
    if (fit.orphans().isEmpty()) {
      return trace.because(region.peers().size() + " replicas as wanted").settled();
    }
    trace.because(
        fit.orphans().size() + " of " + region.peers().size() + " replicas are wanted by no rule");
    return remove(region, leastMissed(region, view), view, trace);
  }

  /** Of those that can go, the one whose loss leaves the others farthest apart, then the worst. */
  private static Peer leastMissed(RegionRecord region, ClusterView view) {
    List<Peer> best = new ArrayList<>();
    double farthest = -1;
    for (Peer peer : region.peers()) {
      RegionFit rest = Fits.without(peer, region, view);
      if (!rest.isComplete() || rest.isolation() < farthest) {
        continue;
      }
      if (rest.isolation() > farthest) {
        farthest = rest.isolation();
        best.clear();
      }
      best.add(peer);
    }
    return worst(region, best, view);
  }

  /** The worst is a learner, then one that lags, then the one on the fullest store. */
  private static Peer worst(RegionRecord region, List<Peer> peers, ClusterView view) {
    return peers.stream()
        .max(
            Comparator.comparing((Peer peer) -> peer.getId() != region.leader().getId())
                .thenComparing(peer -> peer.getRole() == PeerRole.Learner)
                .thenComparing(peer -> region.isDown(peer.getId()))
                .thenComparing(peer -> region.isPending(peer.getId()))
                .thenComparing(
                    peer -> view.store(peer.getStoreId()).map(s -> s.regionScore(0)).orElse(0.0))
                .thenComparing(Peer::getStoreId))
        .orElseThrow();
  }

  private static Decision remove(
      RegionRecord region, Peer peer, ClusterView view, Decision.Trace trace) {
    trace.because("peer " + peer.getId() + " on store " + peer.getStoreId() + " is not needed");
    return decide(
        new Rearrangement(region, view).without(peer.getStoreId()),
        "remove-extra-replica",
        Operator.Priority.HIGH,
        trace);
  }

  private static Decision decide(
      Rearrangement plan, String name, Operator.Priority priority, Decision.Trace trace) {
    return plan.plan(name, Operator.Kind.REPLICA)
        .map(operator -> trace.decide(operator.with(priority)))
        .orElseGet(() -> trace.because(plan.obstacle()).nothing());
  }
}
