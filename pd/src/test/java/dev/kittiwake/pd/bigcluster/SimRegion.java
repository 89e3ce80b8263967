package dev.kittiwake.pd.bigcluster;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.eraftpb.ConfChangeType;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.ChangePeer;
import dev.kittiwake.proto.pdpb.PeerStats;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.TimeInterval;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One region as its leader knows it. */
final class SimRegion {
  final long bytes;
  final long readsPerSecond;
  final long writesPerSecond;
  private final Set<Long> left = new HashSet<>(); // stores that a replica was taken from
  private final Map<Long, Long> downSince = new LinkedHashMap<>(); // by peer
  private final List<Peer> pending = new ArrayList<>();
  private Region region;
  private Peer leader;
  private long term = 5;
  private long reportedMillis;
  private int returns; // replicas that came back to a store they had left
  private int moves;
  private int leaderMoves;

  SimRegion(Region region, Peer leader, long bytes, long readsPerSecond, long writesPerSecond) {
    this.region = region;
    this.leader = leader;
    this.bytes = bytes;
    this.readsPerSecond = readsPerSecond;
    this.writesPerSecond = writesPerSecond;
  }

  Region region() {
    return region;
  }

  Peer leader() {
    return leader;
  }

  int returns() {
    return returns;
  }

  int moves() {
    return moves;
  }

  int leaderMoves() {
    return leaderMoves;
  }

  int voters() {
    int voters = 0;
    for (Peer peer : region.getPeersList()) {
      voters += peer.getRole() == PeerRole.Learner ? 0 : 1;
    }
    return voters;
  }

  boolean hasPeerOn(long storeId) {
    return region.getPeersList().stream().anyMatch(peer -> peer.getStoreId() == storeId);
  }

  RegionRecord report(long nowMillis) {
    long seconds = Math.max(0, (nowMillis - reportedMillis) / 1000);
    RegionHeartbeatRequest.Builder heartbeat =
        RegionHeartbeatRequest.newBuilder()
            .setRegion(region)
            .setLeader(leader)
            .setTerm(term)
            .setApproximateSize(bytes)
            .setApproximateKeys(bytes / 100)
            .addAllPendingPeers(pending);
    if (seconds > 0) {
      heartbeat
          .setBytesRead(readsPerSecond * seconds)
          .setBytesWritten(writesPerSecond * seconds)
          .setInterval(
              TimeInterval.newBuilder()
                  .setStartTimestamp(nowMillis / 1000 - seconds)
                  .setEndTimestamp(nowMillis / 1000));
      reportedMillis = nowMillis;
    }
    for (Peer peer : region.getPeersList()) {
      Long since = downSince.get(peer.getId());
      if (since != null) {
        heartbeat.addDownPeers(
            PeerStats.newBuilder().setPeer(peer).setDownSeconds((nowMillis - since) / 1000));
      }
    }
    return RegionRecord.of(heartbeat.build());
  }

  /** A learner that was added has its snapshot. */
  void caughtUp(long peerId) {
    pending.removeIf(peer -> peer.getId() == peerId);
  }

  /** A store is dead: others lead on. Answers whether that concerns this region. */
  boolean lost(long storeId, long nowMillis) {
    Peer gone = null;
    for (Peer peer : region.getPeersList()) {
      if (peer.getStoreId() == storeId) {
        gone = peer;
      }
    }
    if (gone == null) {
      return false;
    }
    downSince.put(gone.getId(), nowMillis);
    if (leader.getId() == gone.getId()) {
      for (Peer peer : region.getPeersList()) {
        if (peer.getRole() != PeerRole.Learner && !downSince.containsKey(peer.getId())) {
          leader = peer;
          term++;
          break;
        }
      }
    }
    return true;
  }

  /**
   * Carries a message out, as a store does.
   *
   * @return the learner that was added and now needs a snapshot; 0 if none was; -1 if the message
   *     was for another epoch and nothing was done
   */
  long carryOut(RegionHeartbeatResponse message) {
    if (message.getTargetPeer().getId() != leader.getId()) {
      return -1;
    }
    if (message.hasTransferLeader()) {
      return transfer(message.getTransferLeader().getPeer().getId());
    }
    if (message.getRegionEpoch().getConfVer() != region.getRegionEpoch().getConfVer()) {
      return -1;
    }
    if (message.hasChangePeer()) {
      return change(message.getChangePeer());
    }
    throw new IllegalStateException("a message that nobody carries out: " + message);
  }

  private long transfer(long peerId) {
    for (Peer peer : region.getPeersList()) {
      if (peer.getId() == peerId && peer.getRole() == PeerRole.Voter) {
        leader = peer;
        term++;
        leaderMoves++;
        return 0;
      }
    }
    return -1;
  }

  private long change(ChangePeer change) {
    Region.Builder changed = region.toBuilder();
    changed.getRegionEpochBuilder().setConfVer(region.getRegionEpoch().getConfVer() + 1);
    Peer peer = change.getPeer();
    int at = -1;
    for (int i = 0; i < changed.getPeersCount(); i++) {
      at = changed.getPeers(i).getId() == peer.getId() ? i : at;
    }
    long added = 0;
    if (change.getChangeType() == ConfChangeType.RemoveNode) {
      if (at < 0 || peer.getId() == leader.getId()) {
        return -1;
      }
      left.add(changed.getPeers(at).getStoreId());
      changed.removePeers(at);
      caughtUp(peer.getId());
    } else if (change.getChangeType() == ConfChangeType.AddLearnerNode) {
      if (at >= 0) {
        return -1;
      }
      moves++;
      returns += left.contains(peer.getStoreId()) ? 1 : 0;
      Peer learner = peer.toBuilder().setRole(PeerRole.Learner).build();
      changed.addPeers(learner);
      pending.add(learner);
      added = peer.getId();
    } else {
      changed.setPeers(at, changed.getPeers(at).toBuilder().setRole(PeerRole.Voter));
    }
    region = changed.build();
    return added;
  }
}
