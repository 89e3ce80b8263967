package dev.kittiwake.kv.region;

import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.PeerChange;
import java.util.ArrayList;
import java.util.List;

/**
 * What a change of membership makes of a region's description. Pure. One change is a simple step;
 * several enter a joint configuration, which a change without changes leaves.
 *
 * <p>{@code conf_ver} grows by one for a simple step, by the number of changes on entering and by
 * the number of changed roles on leaving.
 */
final class ConfChange {
  private ConfChange() {}

  /** Why a change cannot be made to a region. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message, null, false, false);
    }
  }

  static boolean isJoint(Region region) {
    return region.getPeersList().stream()
        .anyMatch(
            peer ->
                peer.getRole() == PeerRole.IncomingVoter
                    || peer.getRole() == PeerRole.DemotingVoter);
  }

  static Region apply(Region region, List<PeerChange> changes) throws Refused {
    if (changes.isEmpty()) {
      return leave(region);
    }
    if (isJoint(region)) {
      throw new Refused("the region is in a joint configuration that must be left first");
    }
    boolean joint = changes.size() > 1;
    List<Peer> peers = new ArrayList<>(region.getPeersList());
    for (PeerChange change : changes) {
      apply(peers, change, joint);
    }
    return with(region, peers, changes.size());
  }

  private static void apply(List<Peer> peers, PeerChange change, boolean joint) throws Refused {
    Peer wanted = change.getPeer();
    int at = indexOnStore(peers, wanted.getStoreId());
    Peer present = at < 0 ? null : peers.get(at);
    if (present != null && present.getId() != wanted.getId()) {
      throw new Refused(
          "store " + wanted.getStoreId() + " already has peer " + present.getId() + " of it");
    }
    switch (change.getKind()) {
      case ADD_VOTER -> {
        if (present != null && present.getRole() != PeerRole.Learner) {
          throw new Refused("peer " + wanted.getId() + " votes already");
        }
        put(peers, at, wanted, joint ? PeerRole.IncomingVoter : PeerRole.Voter);
      }
      case ADD_LEARNER -> {
        if (present != null && present.getRole() == PeerRole.Learner) {
          throw new Refused("peer " + wanted.getId() + " is a learner already");
        }
        put(
            peers,
            at,
            wanted,
            present != null && joint ? PeerRole.DemotingVoter : PeerRole.Learner);
      }
      case REMOVE -> {
        if (present == null) {
          throw new Refused("peer " + wanted.getId() + " is not a member");
        }
        if (joint && present.getRole() == PeerRole.Voter) {
          throw new Refused("a voter must be made a learner before a joint change removes it");
        }
        peers.remove(at);
      }
      default -> throw new Refused("unknown kind of change");
    }
  }

  private static void put(List<Peer> peers, int at, Peer wanted, PeerRole role) {
    Peer peer = wanted.toBuilder().setRole(role).build();
    if (at < 0) {
      peers.add(peer);
    } else {
      peers.set(at, peer);
    }
  }

  private static Region leave(Region region) throws Refused {
    List<Peer> peers = new ArrayList<>();
    int flipped = 0;
    for (Peer peer : region.getPeersList()) {
      PeerRole role =
          switch (peer.getRole()) {
            case IncomingVoter -> PeerRole.Voter;
            case DemotingVoter -> PeerRole.Learner;
            default -> peer.getRole();
          };
      flipped += role == peer.getRole() ? 0 : 1;
      peers.add(peer.toBuilder().setRole(role).build());
    }
    if (flipped == 0) {
      throw new Refused("the region is not in a joint configuration");
    }
    return with(region, peers, flipped);
  }

  private static Region with(Region region, List<Peer> peers, int confVerGrowth) {
    Region.Builder changed = region.toBuilder().clearPeers().addAllPeers(peers);
    changed
        .getRegionEpochBuilder()
        .setConfVer(region.getRegionEpoch().getConfVer() + confVerGrowth);
    return changed.build();
  }

  private static int indexOnStore(List<Peer> peers, long storeId) {
    for (int i = 0; i < peers.size(); i++) {
      if (peers.get(i).getStoreId() == storeId) {
        return i;
      }
    }
    return -1;
  }
}
