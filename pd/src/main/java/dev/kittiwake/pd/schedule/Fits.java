package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.placement.RegionFit;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import java.util.List;

/** How regions obey the rules of a cluster. Pure. */
final class Fits {
  /**
   * What a leader reports in place of a silence where the data of a peer is damaged, so that it is
   * replaced at once.
   */
  private static final long DAMAGED_SECONDS = 1_000_000_000;

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

  /** Why a replica must go; empty if it may stay. */
  static String trouble(RegionRecord region, Peer peer, ClusterView view) {
    StoreView store = view.store(peer.getStoreId()).orElse(null);
    if (store == null || store.isTombstone()) {
      return "is gone";
    }
    if (store.isOffline()) {
      return "is being drained";
    }
    if (store.isDown(view.config())) {
      return "is down";
    }
    long seconds = downSeconds(region, peer);
    if (seconds >= DAMAGED_SECONDS) {
      return "is damaged: its data differs from what the others hold";
    }
    return seconds * 1000 >= view.config().maxStoreDownMillis()
        ? "has not answered its leader for " + seconds + " s"
        : "";
  }

  private static long downSeconds(RegionRecord region, Peer peer) {
    for (var stats : region.downPeers()) {
      if (stats.getPeer().getId() == peer.getId()) {
        return stats.getDownSeconds();
      }
    }
    return -1;
  }
}
