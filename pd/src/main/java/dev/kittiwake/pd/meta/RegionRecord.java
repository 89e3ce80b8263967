package dev.kittiwake.pd.meta;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.PeerStats;
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
   */
  public record Load(
      long approximateBytes,
      long approximateKeys,
      long writtenBytes,
      long readBytes,
      long writtenKeys,
      long readKeys) {
    public static final Load UNKNOWN = new Load(0, 0, 0, 0, 0, 0);

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
            heartbeat.getKeysRead()));
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
    return peers().stream().filter(peer -> peer.getStoreId() == storeId).findFirst();
  }

  public Optional<Peer> peer(long peerId) {
    return peers().stream().filter(peer -> peer.getId() == peerId).findFirst();
  }

  public boolean isPending(long peerId) {
    return pendingPeers.stream().anyMatch(peer -> peer.getId() == peerId);
  }

  public boolean isDown(long peerId) {
    return downPeers.stream().anyMatch(stats -> stats.getPeer().getId() == peerId);
  }

  /** Between entering and leaving a joint configuration. */
  public boolean isJoint() {
    return peers().stream()
        .anyMatch(
            peer ->
                peer.getRole() == PeerRole.IncomingVoter
                    || peer.getRole() == PeerRole.DemotingVoter);
  }

  /** Whether range, epoch or peers differ, so that it must be persisted again. */
  public boolean differsDurably(RegionRecord other) {
    return !Objects.equals(region, other.region);
  }
}
