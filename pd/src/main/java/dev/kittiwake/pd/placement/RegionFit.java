package dev.kittiwake.pd.placement;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The replicas of a region, each assigned to a rule or left over. Rules choose in their order; a
 * rule prefers replicas that have its role already, then the choice that stands farthest apart.
 *
 * @param orphans replicas that no rule wants
 */
public record RegionFit(List<RuleFit> fits, List<Peer> orphans) {
  /**
   * @param misfits those of {@code peers} whose role is not the wanted one
   * @param isolation how far apart their stores are
   */
  public record RuleFit(Rule rule, List<Peer> peers, List<Peer> misfits, double isolation) {
    public boolean isSatisfied() {
      return peers.size() == rule.count() && misfits.isEmpty();
    }
  }

  public RegionFit {
    fits = List.copyOf(fits);
    orphans = List.copyOf(orphans);
  }

  public boolean isSatisfied() {
    return orphans.isEmpty() && fits.stream().allMatch(RuleFit::isSatisfied);
  }

  /** Whether each rule has as many replicas as it wants, whatever their roles. */
  public boolean isComplete() {
    return fits.stream().allMatch(fit -> fit.peers().size() == fit.rule().count());
  }

  /** How far apart the replicas of each rule stand, added up. */
  public double isolation() {
    return fits.stream().mapToDouble(RuleFit::isolation).sum();
  }

  /** The rule that wants this replica. */
  public Optional<RuleFit> of(Peer peer) {
    return fits.stream().filter(fit -> fit.peers().contains(peer)).findFirst();
  }

  /**
   * @param stores null for one that is not known: its replica is left over
   */
  public static RegionFit of(RegionRecord region, List<Rule> rules, LongFunction<Store> stores) {
    return of(region, region.peers(), rules, stores);
  }

  /** As if the region had only these replicas. */
  public static RegionFit of(
      RegionRecord region, List<Peer> peers, List<Rule> rules, LongFunction<Store> stores) {
    List<Peer> left = new ArrayList<>(peers);
    List<RuleFit> fits = new ArrayList<>();
    for (Rule rule : rules) {
      List<Peer> chosen = choose(region, rule, left, stores);
      left.removeAll(chosen);
      List<Peer> misfits = new ArrayList<>();
      List<Store> stand = new ArrayList<>();
      for (Peer peer : chosen) {
        stand.add(stores.apply(peer.getStoreId()));
        if (!hasRole(region, peer, rule.role())) {
          misfits.add(peer);
        }
      }
      double isolation =
          rule.locationLabels().isEmpty() ? 0 : Isolation.score(stand, rule.locationLabels());
      fits.add(new RuleFit(rule, List.copyOf(chosen), List.copyOf(misfits), isolation));
    }
    return new RegionFit(fits, left);
  }

  private static List<Peer> choose(
      RegionRecord region, Rule rule, List<Peer> left, LongFunction<Store> stores) {
    List<Peer> able = new ArrayList<>();
    for (Peer peer : left) {
      Store store = stores.apply(peer.getStoreId());
      if (store != null && rule.accepts(store)) {
        able.add(peer);
      }
    }
    if (able.size() <= rule.count()) {
      return able;
    }
    Choice best = new Choice(region, rule, stores);
    best.among(able, 0, new ArrayList<>());
    return best.peers;
  }

  /** Tries all choices of the wanted size; a region has few replicas. */
  private static final class Choice {
    private final RegionRecord region;
    private final Rule rule;
    private final LongFunction<Store> stores;
    private List<Peer> peers = List.of();
    private double worth = -1;

    Choice(RegionRecord region, Rule rule, LongFunction<Store> stores) {
      this.region = region;
      this.rule = rule;
      this.stores = stores;
    }

    void among(List<Peer> able, int from, List<Peer> chosen) {
      if (chosen.size() == rule.count()) {
        double value = value(chosen);
        if (value > worth) {
          worth = value;
          peers = List.copyOf(chosen);
        }
        return;
      }
      for (int i = from; i < able.size(); i++) {
        chosen.add(able.get(i));
        among(able, i + 1, chosen);
        chosen.remove(chosen.size() - 1);
      }
    }

    /** Roles before health before distance. */
    private double value(List<Peer> chosen) {
      int fitting = 0;
      int well = 0;
      List<Store> stand = new ArrayList<>();
      for (Peer peer : chosen) {
        fitting += hasRole(region, peer, rule.role()) ? 1 : 0;
        well += region.isDown(peer.getId()) || region.isPending(peer.getId()) ? 0 : 1;
        stand.add(stores.apply(peer.getStoreId()));
      }
      return fitting * 1e15 + well * 1e13 + Isolation.score(stand, rule.locationLabels());
    }
  }

  /** Whether the replica is what a rule of this role wants. */
  public static boolean hasRole(RegionRecord region, Peer peer, Rule.Role role) {
    boolean leads = region.leader().getId() == peer.getId();
    boolean learns = peer.getRole() == PeerRole.Learner;
    switch (role) {
      case LEADER:
        return leads;
      case FOLLOWER:
        return !leads && !learns;
      case LEARNER:
        return learns;
      default:
        return !learns;
    }
  }
}
