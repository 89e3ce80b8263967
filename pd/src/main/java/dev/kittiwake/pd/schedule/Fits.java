package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.placement.RegionFit;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import java.util.List;

/** How regions obey the rules of a cluster. Pure. */
final class Fits {
  private Fits() {}

  static RegionFit of(RegionRecord region, ClusterView view) {
    return RegionFit.of(
        region,
        view.rules().of(region.range()),
        id -> view.store(id).map(StoreView::store).orElse(null));
  }

  /** As if the region had no such replica. */
  static RegionFit without(Peer gone, RegionRecord region, ClusterView view) {
    List<Peer> rest = region.peers().stream().filter(peer -> peer.getId() != gone.getId()).toList();
    return RegionFit.of(
        region,
        rest,
        view.rules().of(region.range()),
        id -> view.store(id).map(StoreView::store).orElse(null));
  }

  /**
   * Whether the region is what its only rule wants, at a glance: as many voters as wanted, on
   * stores that serve, and nothing more is asked. False means nothing.
   */
  static boolean isPlainlyGood(RegionRecord region, ClusterView view) {
    List<Rule> rules = view.rules().of(region.range());
    if (rules.size() != 1 || !region.isHealthy()) {
      return false;
    }
    Rule rule = rules.get(0);
    if (rule.role() != Rule.Role.VOTER
        || rule.count() != region.peers().size()
        || !rule.locationLabels().isEmpty()
        || !rule.constraints().isEmpty()) {
      return false;
    }
    for (Peer peer : region.peers()) {
      if (peer.getRole() != PeerRole.Voter
          || view.store(peer.getStoreId()).filter(StoreView::serves).isEmpty()) {
        return false;
      }
    }
    return true;
  }
}
