package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.placement.RegionFit;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import java.util.List;

/** Whether rules let a replica lead. Pure. */
final class LeaderRoles {
  private LeaderRoles() {}

  static boolean allow(RegionRecord region, Peer peer, ClusterView view) {
    List<Rule> rules = view.rules().of(region.range());
    if (rules.stream().noneMatch(LeaderRoles::isAboutLeading)) {
      return true;
    }
    RegionFit fit = Fits.of(region, view);
    return fit.of(peer).filter(one -> allow(one.rule(), rules)).isPresent();
  }

  /** Whether a replica may lead that one of the rules wants. */
  static boolean allow(Rule rule, List<Rule> rules) {
    boolean leaderIsSeated = rules.stream().anyMatch(one -> one.role() == Rule.Role.LEADER);
    return rule.role() == Rule.Role.LEADER || (rule.role() == Rule.Role.VOTER && !leaderIsSeated);
  }

  private static boolean isAboutLeading(Rule rule) {
    return rule.role() == Rule.Role.LEADER || rule.role() == Rule.Role.FOLLOWER;
  }
}
