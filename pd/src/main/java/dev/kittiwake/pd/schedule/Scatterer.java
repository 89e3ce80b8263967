package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.placement.Isolation;
import dev.kittiwake.pd.placement.RegionFit;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Spreads regions that belong together, e.g. the pieces of a region that was split in advance: each
 * goes to the stores that were chosen least for its group so far. Confined to one thread.
 */
public final class Scatterer {
  private static final int MAX_GROUPS = 1_000;

  /** How often each store was chosen. */
  private static final class Group {
    private final Map<Long, Integer> replicas = new HashMap<>(); // only looked up
    private final Map<Long, Integer> leaders = new HashMap<>();
  }

  private final LinkedHashMap<String, Group> groups = new LinkedHashMap<>(); // oldest first

  /** Forgets who was chosen. */
  public void clear() {
    groups.clear();
  }

  /**
   * Decides where the region goes; without operator if it may stay, or cannot move now.
   *
   * @param groupName regions of one name are spread with regard to each other
   */
  public Decision scatter(RegionRecord region, String groupName, ClusterView view) {
    Decision.Trace trace = new Decision.Trace("scatter", region.id());
    if (!region.isHealthy()) {
      return trace.because("has a replica that is missing, lagging or learning").nothing();
    }
    RegionFit fit = Fits.of(region, view);
    if (!fit.isSatisfied()) {
      return trace.because("does not have the replicas that its rules want").nothing();
    }
    Group group = group(groupName);
    Rearrangement plan = new Rearrangement(region, view);
    List<Long> chosen = new ArrayList<>(); // stores of those that may lead
    List<Long> taken = new ArrayList<>(); // stores with any replica
    for (RegionFit.RuleFit one : fit.fits()) {
      List<Store> placed = new ArrayList<>();
      for (Peer peer : one.peers()) {
        StoreView store = choose(peer, one.rule(), placed, taken, region, group, view);
        placed.add(store.store());
        taken.add(store.id());
        if (store.id() != peer.getStoreId()) {
          plan.without(peer.getStoreId());
        }
        if (LeaderRoles.allow(one.rule(), view.rules().of(region.range()))) {
          chosen.add(store.id());
        }
      }
    }
    place(region, plan, fit, taken);
    long leader = leader(chosen, region, group, view);
    plan.leader(leader);
    Optional<Operator> operator = plan.plan("scatter-region", Operator.Kind.ADMIN);
    if (operator.isEmpty() && !plan.obstacle().isEmpty()) {
      return trace.because(plan.obstacle()).nothing();
    }
    taken.forEach(id -> group.replicas.merge(id, 1, Integer::sum));
    group.leaders.merge(leader, 1, Integer::sum);
    trace.because("stores " + taken + ", leader on store " + leader);
    return operator.map(trace::decide).orElseGet(trace::nothing);
  }

  /** Replicas on chosen stores, in the roles of the rules that chose them. */
  private static void place(
      RegionRecord region, Rearrangement plan, RegionFit fit, List<Long> taken) {
    int i = 0;
    for (RegionFit.RuleFit one : fit.fits()) {
      for (int n = 0; n < one.peers().size(); n++) {
        long storeId = taken.get(i++);
        if (region.peerOn(storeId).isEmpty()) {
          if (one.rule().role() == Rule.Role.LEARNER) {
            plan.learner(storeId);
          } else {
            plan.voter(storeId);
          }
        }
      }
    }
  }

  private Group group(String name) {
    Group group = groups.computeIfAbsent(name, n -> new Group());
    if (groups.size() > MAX_GROUPS) {
      groups.remove(groups.keySet().iterator().next());
    }
    return group;
  }

  /** The store chosen least among those that may take the replica; its own if none is better. */
  private static StoreView choose(
      Peer peer,
      Rule rule,
      List<Store> placed,
      List<Long> taken,
      RegionRecord region,
      Group group,
      ClusterView view) {
    StoreView own = view.store(peer.getStoreId()).orElseThrow();
    boolean ownIsFree = !taken.contains(own.id());
    StoreView best = ownIsFree ? own : null;
    for (StoreView store : view.stores()) {
      boolean others = region.peerOn(store.id()).isPresent() && store.id() != own.id();
      if (store.isTombstone()
          || others
          || taken.contains(store.id())
          || !rule.accepts(store.store())
          || !new IsolationFilter(rule, placed, floor(own, rule, placed))
              .refuse(store, view)
              .isEmpty()
          || !Filters.passes(Filters.REPAIR_TARGET, store, view)) {
        continue;
      }
      if (best == null || count(group.replicas, store) < count(group.replicas, best)) {
        best = store;
      }
    }
    return best == null ? own : best;
  }

  private static double floor(StoreView own, Rule rule, List<Store> placed) {
    return rule.locationLabels().isEmpty()
        ? 0
        : Isolation.score(own.store(), placed, rule.locationLabels());
  }

  private static int count(Map<Long, Integer> counts, StoreView store) {
    return counts.getOrDefault(store.id(), 0);
  }

  private static long leader(List<Long> able, RegionRecord region, Group group, ClusterView view) {
    long best = 0;
    for (long id : able) {
      boolean may =
          view.store(id)
              .filter(store -> Filters.passes(Filters.LEADER_TARGET, store, view))
              .isPresent();
      if (may
          && (best == 0
              || group.leaders.getOrDefault(id, 0) < group.leaders.getOrDefault(best, 0))) {
        best = id;
      }
    }
    return best == 0 ? region.leader().getStoreId() : best;
  }
}
