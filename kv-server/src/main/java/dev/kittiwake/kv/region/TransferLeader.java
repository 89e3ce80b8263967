package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.raft.Status;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Handing leadership to another voter. Whether it worked shows in who leads afterwards. */
final class TransferLeader {
  /** A target that lacks more entries would leave the region without leader for too long. */
  private static final long MAX_LAG = 128;

  private TransferLeader() {}

  /** Starts the transfer; null = started. Store loop. */
  static Error start(RegionReplica replica, long targetPeer) {
    RegionFace face = replica.face();
    if (!face.leads()) {
      return RegionErrors.notLeader(face.region().getId(), face.leader());
    }
    Status status = replica.driver().status();
    if (targetPeer == status.id()) {
      return null;
    }
    Optional<Status.Peer> target =
        status.peers().stream().filter(peer -> peer.id() == targetPeer).findFirst();
    String objection = target.isPresent() ? objection(status, target.get()) : "it is not a member";
    if (objection != null) {
      return RegionErrors.other(
          "cannot hand region "
              + face.region().getId()
              + " to peer "
              + targetPeer
              + ": "
              + objection);
    }
    replica.driver().transferLeadership(targetPeer);
    return null;
  }

  private static String objection(Status status, Status.Peer target) {
    if (!status.membership().voters().contains(target.id())) {
      return "it does not vote";
    }
    if (!target.recentlyActive()) {
      // It would not take over, and as long as that is being tried the region accepts no writes.
      return "it has not answered lately";
    }
    if (target.pendingSnapshot() != 0) {
      return "it waits for a snapshot";
    }
    long lag = status.lastIndex() - target.match();
    return lag > MAX_LAG ? "it lacks " + lag + " entries" : null;
  }

  /** Starts transfers of all that are led here and have other members; answers how many. */
  static int startAll(List<RegionReplica> replicas) {
    int led = 0;
    for (RegionReplica replica : replicas) {
      if (replica.face().leads() && replica.face().region().getPeersCount() > 1) {
        led++;
        replica.run(
            () -> {
              if (replica.driver().status().transferee() == 0) {
                startToBest(replica);
              }
            });
      }
    }
    return led;
  }

  /** Starts a transfer to the voter that is furthest on, if there is any; for a graceful stop. */
  static boolean startToBest(RegionReplica replica) {
    return startToBest(replica, replica.hashCheck().damaged());
  }

  /** As above, but to none of {@code avoided}. */
  static boolean startToBest(RegionReplica replica, Set<Long> avoided) {
    Status status = replica.driver().status();
    List<Status.Peer> candidates =
        status.peers().stream()
            .filter(peer -> peer.id() != status.id() && !avoided.contains(peer.id()))
            .filter(peer -> objection(status, peer) == null)
            .sorted(Comparator.comparingLong(Status.Peer::match).reversed())
            .toList();
    if (candidates.isEmpty()) {
      return false;
    }
    replica.driver().transferLeadership(candidates.get(0).id());
    return true;
  }
}
