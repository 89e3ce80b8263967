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
import java.util.function.Predicate;

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
    List<Trouble> troubles = Trouble.all(region, view);
    Optional<Decision> mended = mend(region, troubles, true, fit, view, trace);
    if (mended.isEmpty() && !fit.isComplete()) {
      mended = fill(region, fit, view, trace);
    }
    if (mended.isEmpty()) {
      mended = mend(region, troubles, false, fit, view, trace);
    }
    if (mended.isPresent()) {
      return mended.get();
    }
    return fit.isComplete() && troubles.isEmpty()
        ? trim(region, fit, view, trace)
        : trace.nothing();
  }

  /** What can be done about the first of these troubles about which anything can. */
  private static Optional<Decision> mend(
      RegionRecord region,
      List<Trouble> troubles,
      boolean urgent,
      RegionFit fit,
      ClusterView view,
      Decision.Trace trace) {
    for (Trouble trouble : troubles) {
      if (trouble.isUrgent() == urgent) {
        Optional<Decision> mended = mend(region, trouble, fit, view, trace);
        if (mended.isPresent()) {
          return mended;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Decision> mend(
      RegionRecord region, Trouble trouble, RegionFit fit, ClusterView view, Decision.Trace trace) {
    Peer peer = trouble.peer();
    trace.because("peer " + peer.getId() + " on store " + peer.getStoreId() + " " + trouble.text());
    if (isReplacedAlready(region, peer, view)) {
      return remove(region, peer, view, trace);
    }
    Optional<RegionFit.RuleFit> wanted = fit.of(peer);
    if (wanted.isPresent()) {
      return replace(region, trouble, wanted.get(), view, trace);
    }
    return fit.isComplete()
        ? remove(region, peer, view, trace)
        : Optional.empty(); // it goes when what is missing is added
  }

  /**
   * Whether the others are all that the rules want, each well and on a store that stays: e.g. after
   * a replacement that was given up half-way because the region was split.
   */
  private static boolean isReplacedAlready(RegionRecord region, Peer peer, ClusterView view) {
    return Fits.without(peer, region, view).fits().stream().allMatch(RegionFit.RuleFit::isSatisfied)
        && region.peers().stream()
            .filter(other -> other.getId() != peer.getId())
            .allMatch(other -> Trouble.isWell(region, other, view));
  }

  /** Adds what the first rule that lacks something lacks, in the place of what nobody wants. */
  private static Optional<Decision> fill(
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
    return Optional.empty();
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

  private static Optional<Decision> replace(
      RegionRecord region,
      Trouble trouble,
      RegionFit.RuleFit fit,
      ClusterView view,
      Decision.Trace trace) {
    Peer old = trouble.peer();
    List<Store> mates = TargetStore.stores(fit.peers(), old, view);
    Optional<StoreView> target =
        trouble.isUrgent()
            ? repairTarget(region, fit.rule(), mates, view, trace)
            : TargetStore.choose(region, fit.rule(), mates, 0, Filters.BALANCE_TARGET, view, trace);
    if (target.isEmpty()) {
      trace.because("no store can take its place");
      return Optional.empty();
    }
    Rearrangement plan = seat(new Rearrangement(region, view), target.get(), fit.rule());
    return decide(
        plan.without(old.getStoreId()),
        trouble.isUrgent() ? "replace-down-replica" : "replace-offline-replica",
        trouble.isUrgent() ? Operator.Priority.URGENT : Operator.Priority.MEDIUM,
        trace);
  }

  private static Decision trim(
      RegionRecord region, RegionFit fit, ClusterView view, Decision.Trace trace) {
    if (fit.orphans().isEmpty()) {
      return trace.because(region.peers().size() + " replicas as wanted").settled();
    }
    trace.because(
        fit.orphans().size() + " of " + region.peers().size() + " replicas are wanted by no rule");
    Peer gone = leastMissed(region, view);
    Optional<Decision> trimmed = finish(region, gone, view, trace);
    if (trimmed.isEmpty()) {
      trimmed = remove(region, gone, view, trace);
    }
    return trimmed.orElseGet(trace::nothing);
  }

  /**
   * A learner that has caught up may have come in the place of a voter, to stand farther from the
   * others: then it gets its vote, and after that the voter goes.
   */
  private static Optional<Decision> finish(
      RegionRecord region, Peer learner, ClusterView view, Decision.Trace trace) {
    if (learner.getRole() != PeerRole.Learner
        || !Trouble.isWell(region, learner, view)
        || view.store(learner.getStoreId()).filter(StoreView::serves).isEmpty()) {
      return Optional.empty();
    }
    double distance = Fits.without(learner, region, view).isolation();
    List<Peer> nearest =
        best(
            region,
            view,
            rest ->
                rest.isolation() > distance
                    && rest.of(learner)
                        .filter(fit -> fit.rule().role() != Rule.Role.LEARNER)
                        .isPresent(),
            Comparator.comparingDouble(RegionFit::isolation));
    if (nearest.isEmpty()) {
      return Optional.empty();
    }
    Peer old = worst(region, nearest, view);
    trace.because(
        "learner "
            + learner.getId()
            + " on store "
            + learner.getStoreId()
            + " stands farther from the others than peer "
            + old.getId());
    return decide(
        new Rearrangement(region, view).voter(learner.getStoreId()).without(old.getStoreId()),
        "move-to-better-location",
        Operator.Priority.MEDIUM,
        trace);
  }

  /**
   * Of those that can go, the one whose loss leaves the most that are well and as their rules want
   * them, then the farthest apart; then the worst.
   */
  private static Peer leastMissed(RegionRecord region, ClusterView view) {
    List<Peer> best =
        best(
            region,
            view,
            rest -> true,
            Comparator.comparingLong((RegionFit rest) -> inRole(region, rest, view, true))
                .thenComparingLong(rest -> inRole(region, rest, view, false))
                .thenComparingDouble(RegionFit::isolation));
    return worst(region, best, view);
  }

  /** How many replicas are what their rules want, and well if that is asked for. */
  private static long inRole(RegionRecord region, RegionFit fit, ClusterView view, boolean well) {
    return fit.fits().stream()
        .flatMap(one -> one.peers().stream().filter(peer -> !one.misfits().contains(peer)))
        .filter(peer -> !well || Trouble.isWell(region, peer, view))
        .count();
  }

  /** The replicas of which one can go, those whose loss leaves the best of what is allowed. */
  private static List<Peer> best(
      RegionRecord region,
      ClusterView view,
      Predicate<RegionFit> allowed,
      Comparator<RegionFit> order) {
    RegionFit most = null;
    List<Peer> best = new ArrayList<>();
    for (Peer peer : region.peers()) {
      RegionFit rest = Fits.without(peer, region, view);
      int compared = most == null ? 1 : order.compare(rest, most);
      if (!rest.isComplete() || !allowed.test(rest) || compared < 0) {
        continue;
      }
      if (compared > 0) {
        most = rest;
        best.clear();
      }
      best.add(peer);
    }
    return best;
  }

  /**
   * The worst is one that must go, then a learner, then one that lags, then the one on the fullest
   * store.
   */
  private static Peer worst(RegionRecord region, List<Peer> peers, ClusterView view) {
    return peers.stream()
        .max(
            Comparator.comparing((Peer peer) -> peer.getId() != region.leader().getId())
                .thenComparing(peer -> Trouble.of(region, peer, view).isPresent())
                .thenComparing(peer -> peer.getRole() == PeerRole.Learner)
                .thenComparing(peer -> region.isDown(peer.getId()))
                .thenComparing(peer -> region.isPending(peer.getId()))
                .thenComparing(
                    peer -> view.store(peer.getStoreId()).map(s -> s.regionScore(0)).orElse(0.0))
                .thenComparing(Peer::getStoreId))
        .orElseThrow();
  }

  private static Optional<Decision> remove(
      RegionRecord region, Peer peer, ClusterView view, Decision.Trace trace) {
    trace.because("peer " + peer.getId() + " on store " + peer.getStoreId() + " is not needed");
    return decide(
        new Rearrangement(region, view).without(peer.getStoreId()),
        "remove-extra-replica",
        Operator.Priority.HIGH,
        trace);
  }

  private static Optional<Decision> decide(
      Rearrangement plan, String name, Operator.Priority priority, Decision.Trace trace) {
    Optional<Operator> operator = plan.plan(name, Operator.Kind.REPLICA);
    if (operator.isEmpty() && !plan.obstacle().isEmpty()) {
      trace.because(plan.obstacle());
    }
    return operator.map(one -> trace.decide(one.with(priority)));
  }
}
