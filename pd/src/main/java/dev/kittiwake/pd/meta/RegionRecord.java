package dev.kittiwake.pd.meta;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.PeerStats;
import dev.kittiwake.proto.pdpb.QueryStats;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the placement driver knows of one region. A value.
 *
 * @param leader unset (id 0) until its leader has been heard of
 * @param term of the leader; 0 if unknown
 * @param load what the leader measured
 */
public record RegionRecord(
    Region region,
    KeyRange range,
    Peer leader,
    long term,
    List<PeerStats> downPeers,
    List<Peer> pendingPeers,
    Load load) {
  /**
   * @param approximateBytes 0 if not known yet
   * @param intervalSeconds in which the rest was counted; 0 if not known
   */
  public record Load(
      long approximateBytes,
      long approximateKeys,
      long writtenBytes,
      long readBytes,
      long writtenKeys,
      long readKeys,
      long writeQueries,
      long readQueries,
      long intervalSeconds) {
    public static final Load UNKNOWN = new Load(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** In MiB, rounded; what is known and not empty counts as at least 1. */
    public long approximateMiB() {
      return approximateBytes == 0 ? 0 : Math.max(1, (approximateBytes + (1 << 19)) >> 20);
    }
  }

  public RegionRecord {
    downPeers = List.copyOf(downPeers);
    pendingPeers = List.copyOf(pendingPeers);
  }

  /** A region as it was persisted: nobody knows its leader. */
  public static RegionRecord of(Region region) {
    return new RegionRecord(
        region, range(region), Peer.getDefaultInstance(), 0, List.of(), List.of(), Load.UNKNOWN);
  }

  public static RegionRecord of(RegionHeartbeatRequest heartbeat) {
    return new RegionRecord(
        heartbeat.getRegion(),
        range(heartbeat.getRegion()),
        heartbeat.getLeader(),
        heartbeat.getTerm(),
        heartbeat.getDownPeersList(),
        heartbeat.getPendingPeersList(),
        new Load(
            heartbeat.getApproximateSize(),
            heartbeat.getApproximateKeys(),
            heartbeat.getBytesWritten(),
            heartbeat.getBytesRead(),
            heartbeat.getKeysWritten(),
            heartbeat.getKeysRead(),
            writes(heartbeat.getQueryStats()),
            reads(heartbeat.getQueryStats()),
            Math.max(
                0,
                heartbeat.getInterval().getEndTimestamp()
                    - heartbeat.getInterval().getStartTimestamp())));
  }

  private static long reads(QueryStats queries) {
    return queries.getGet() + queries.getScan() + queries.getCoprocessor();
  }

  private static long writes(QueryStats queries) {
    return queries.getPut()
        + queries.getDelete()
        + queries.getDeleteRange()
        + queries.getAcquirePessimisticLock()
        + queries.getCommit()
        + queries.getPrewrite()
        + queries.getRollback();
  }

  private static KeyRange range(Region region) {
    return new KeyRange(key(region.getStartKey()), key(region.getEndKey()));
  }

  private static Key key(ByteString bytes) {
    return Key.wrap(bytes.toByteArray());
  }

  public long id() {
    return region.getId();
  }

  public long version() {
    return region.getRegionEpoch().getVersion();
  }

  public long confVer() {
    return region.getRegionEpoch().getConfVer();
  }

  public boolean hasLeader() {
    return leader.getId() != 0;
  }

  public List<Peer> peers() {
    return region.getPeersList();
  }

  public Optional<Peer> peerOn(long storeId) {
    for (Peer peer : peers()) {
      if (peer.getStoreId() == storeId) {
        return Optional.of(peer);
      }
    }
    return Optional.empty();
  }

  public Optional<Peer> peer(long peerId) {
    for (Peer peer : peers()) {
      if (peer.getId() == peerId) {
        return Optional.of(peer);
      }
    }
    return Optional.empty();
  }

  public boolean isPending(long peerId) {
    for (Peer peer : pendingPeers) {
      if (peer.getId() == peerId) {
        return true;
      }
    }
    return false;
  }

  public boolean isDown(long peerId) {
    for (PeerStats stats : downPeers) {
      if (stats.getPeer().getId() == peerId) {
        return true;
      }
    }
    return false;
  }

  /** Every replica is a voter that is there and follows. */
  public boolean isHealthy() {
    if (!hasLeader() || !downPeers.isEmpty() || !pendingPeers.isEmpty()) {
      return false;
    }
    for (Peer peer : peers()) {
      if (peer.getRole() != PeerRole.Voter) {
        return false;
      }
    }
    return true;
  }

  /** Between entering and leaving a joint configuration. */
  public boolean isJoint() {
    for (Peer peer : peers()) {
      if (peer.getRole() == PeerRole.IncomingVoter || peer.getRole() == PeerRole.DemotingVoter) {
        return true;
      }
    }
    return false;
  }

  /** In MiB, and never 0: a region costs something even if it is empty. */
  public long countedMiB() {
    return Math.max(1, load.approximateMiB());
  }

  /** This report, sharing what it has in common with what is known. */
  RegionRecord inPlaceOf(RegionRecord known) {
    return new RegionRecord(known.region, known.range, leader, term, downPeers, pendingPeers, load);
  }

  /** Whether range, epoch or peers differ, so that it must be persisted again. */
  public boolean differsDurably(RegionRecord other) {
    return region != other.region && !Objects.equals(region, other.region);
  }
}
