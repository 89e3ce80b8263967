package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.placement.Isolation;
import dev.kittiwake.pd.placement.RegionFit;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Store;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Gives replicas the roles that their rules want, and moves one whose store stands too near to
 * another's when there is a store farther away. How many there are is the replica checker's.
 */
public final class RuleChecker implements Checker {
  @Override
  public String name() {
    return "rule-checker";
  }

  @Override
  public Decision check(RegionRecord region, ClusterView view) {
    if (Fits.isPlainlyGood(region, view)) {
      return Decision.settled(name(), region.id(), "every replica has its role");
    }
    Decision.Trace trace = new Decision.Trace(name(), region.id());
    if (!region.hasLeader() || region.isJoint()) {
      return trace.because("no leader known, or in a joint configuration").nothing();
    }
    RegionFit fit = Fits.of(region, view);
    for (RegionFit.RuleFit one : fit.fits()) {
      for (Peer misfit : one.misfits()) {
        Optional<Decision> fixed = fix(region, misfit, one.rule(), fit, view, trace);
        if (fixed.isPresent()) {
          return fixed.get();
        }
      }
    }
    for (RegionFit.RuleFit one : fit.fits()) {
      Optional<Decision> moved = spread(region, one, view, trace);
      if (moved.isPresent()) {
        return moved.get();
      }
    }
    return fit.isSatisfied() && region.isHealthy()
        ? trace.because("every replica has its role and place").settled()
        : trace.nothing();
  }

  private static Optional<Decision> fix(
      RegionRecord region,
      Peer peer,
      Rule rule,
      RegionFit fit,
      ClusterView view,
      Decision.Trace trace) {
    String who = "peer " + peer.getId() + " on store " + peer.getStoreId();
    switch (rule.role()) {
      case LEADER:
        trace.because(who + " should lead by rule " + rule);
        return plan(
            new Rearrangement(region, view).voter(peer.getStoreId()).leader(peer.getStoreId()),
            "fix-leader-role",
            trace);
      case LEARNER:
        trace.because(who + " should not vote by rule " + rule);
        return plan(
            new Rearrangement(region, view).learner(peer.getStoreId()), "fix-demote-voter", trace);
      case FOLLOWER:
        return peer.getId() == region.leader().getId()
            ? handOver(region, who, rule, fit, view, trace)
            : Optional.empty(); // a learner: the learner checker gives it its vote
      default:
        return Optional.empty();
    }
  }

  private static Optional<Decision> handOver(
      RegionRecord region,
      String who,
      Rule rule,
      RegionFit fit,
      ClusterView view,
      Decision.Trace trace) {
    trace.because(who + " should not lead by rule " + rule);
    for (Peer peer : mayLead(region, fit, view)) {
      Optional<Decision> handed =
          plan(
              new Rearrangement(region, view).leader(peer.getStoreId()),
              "fix-follower-role",
              trace);
      if (handed.isPresent()) {
        return handed;
      }
    }
    trace.because("no other voter may lead");
    return Optional.empty();
  }

  /** The voters that rules let lead; those on stores that should have no leaders come last. */
  private static List<Peer> mayLead(RegionRecord region, RegionFit fit, ClusterView view) {
    return fit.fits().stream()
        .filter(
            one -> one.rule().role() == Rule.Role.LEADER || one.rule().role() == Rule.Role.VOTER)
        .flatMap(one -> one.peers().stream())
        .filter(peer -> RegionFit.hasRole(region, peer, Rule.Role.VOTER))
        .sorted(Comparator.comparing(peer -> isRefused(peer, view)))
        .toList();
  }

  private static boolean isRefused(Peer peer, ClusterView view) {
    return view.store(peer.getStoreId())
        .filter(store -> Filters.passes(Filters.LEADER_TARGET, store, view))
        .isEmpty();
  }

  /** Moves the replica that stands nearest to the others, if some store is farther. */
  private static Optional<Decision> spread(
      RegionRecord region, RegionFit.RuleFit fit, ClusterView view, Decision.Trace trace) {
    List<String> labels = fit.rule().locationLabels();
    if (labels.isEmpty() || fit.isolation() >= Isolation.best(fit.peers().size(), labels)) {
      return Optional.empty();
    }
    if (!region.isHealthy()) {
      trace.because("stands too near, but a replica is missing, lagging or learning");
      return Optional.empty();
    }
    Peer nearest = null;
    double least = Double.MAX_VALUE;
    for (Peer peer : fit.peers()) {
      double distance = distance(peer, fit, view);
      if (distance < least || (distance == least && nearest.getId() == region.leader().getId())) {
        nearest = peer;
        least = distance;
      }
    }
    List<Store> others = TargetStore.stores(fit.peers(), nearest, view);
    trace.because(
        "peer " + nearest.getId() + " on store " + nearest.getStoreId() + " stands too near");
    Optional<StoreView> target =
        TargetStore.choose(
            region, fit.rule(), others, Math.nextUp(least), Filters.BALANCE_TARGET, view, trace);
    if (target.isEmpty()) {
      trace.because("no store is farther away");
      return Optional.empty();
    }
    Rearrangement plan = new Rearrangement(region, view).without(nearest.getStoreId());
    if (fit.rule().role() == Rule.Role.LEARNER) {
      plan.learner(target.get().id());
    } else {
      plan.voter(target.get().id());
    }
    return plan(plan, "move-to-better-location", trace);
  }

  private static double distance(Peer peer, RegionFit.RuleFit fit, ClusterView view) {
    return view.store(peer.getStoreId())
        .map(
            store ->
                Isolation.score(
                    store.store(),
                    TargetStore.stores(fit.peers(), peer, view),
                    fit.rule().locationLabels()))
        .orElse(0.0);
  }

  private static Optional<Decision> plan(Rearrangement plan, String name, Decision.Trace trace) {
    Optional<Operator> operator = plan.plan(name, Operator.Kind.REPLICA);
    if (operator.isEmpty() && !plan.obstacle().isEmpty()) {
      trace.because(plan.obstacle());
    }
    return operator.map(trace::decide);
  }
}
