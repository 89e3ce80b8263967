package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.pdpb.PeerStats;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Why a replica must go.
 *
 * @param text as it is told
 */
record Trouble(Peer peer, Kind kind, String text) {
  /** The most urgent first. A store that is drained and dead is dead: its data is at risk. */
  enum Kind {
    GONE,
    DAMAGED,
    DOWN,
    DRAINED
  }

  /**
   * What a leader reports in place of a silence where the data of a peer is damaged, so that it is
   * replaced at once.
   */
  private static final long DAMAGED_SECONDS = 1_000_000_000;

  /** None if the replica may stay. */
  static Optional<Trouble> of(RegionRecord region, Peer peer, ClusterView view) {
    StoreView store = view.store(peer.getStoreId()).orElse(null);
    if (store == null || store.isTombstone()) {
      return Optional.of(new Trouble(peer, Kind.GONE, "is gone"));
    }
    long seconds = downSeconds(region, peer);
    if (seconds >= DAMAGED_SECONDS) {
      return Optional.of(
          new Trouble(
              peer, Kind.DAMAGED, "is damaged: its data differs from what the others hold"));
    }
    long enough = view.config().maxStoreDownMillis();
    if (store.silentMillis() >= enough) {
      return Optional.of(new Trouble(peer, Kind.DOWN, "is down"));
    }
    if (seconds * 1000 >= enough) {
      return Optional.of(
          new Trouble(peer, Kind.DOWN, "has not answered its leader for " + seconds + " s"));
    }
    return store.isOffline()
        ? Optional.of(new Trouble(peer, Kind.DRAINED, "is being drained"))
        : Optional.empty();
  }

  /** Of all replicas, the most urgent first. */
  static List<Trouble> all(RegionRecord region, ClusterView view) {
    return region.peers().stream()
        .flatMap(peer -> of(region, peer, view).stream())
        .sorted(Comparator.comparing(Trouble::kind))
        .toList();
  }

  /** Whether the replica is there, follows and may stay. */
  static boolean isWell(RegionRecord region, Peer peer, ClusterView view) {
    return of(region, peer, view).isEmpty()
        && !region.isPending(peer.getId())
        && !region.isDown(peer.getId());
  }

  boolean isUrgent() {
    return kind != Kind.DRAINED;
  }

  private static long downSeconds(RegionRecord region, Peer peer) {
    for (PeerStats stats : region.downPeers()) {
      if (stats.getPeer().getId() == peer.getId()) {
        return stats.getDownSeconds();
      }
    }
    return -1;
  }
}
