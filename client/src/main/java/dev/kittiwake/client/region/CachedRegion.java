package dev.kittiwake.client.region;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import java.util.Arrays;
import java.util.List;

/**
 * What the client believes about one region. Immutable; a change of leader makes a new one.
 *
 * <p>Bounds are stored keys. The context that requests carry is built once.
 */
public final class CachedRegion {
  private final Region meta;
  private final byte[] start;
  private final byte[] end;
  private final Peer leader;
  private final int rotations; // how often the next peer was tried for want of a known leader
  private final long expiresNanos;
  private final Context context;

  CachedRegion(Region meta, Peer leader, int rotations, long expiresNanos, long clusterId) {
    this(
        meta,
        leader,
        rotations,
        expiresNanos,
        Context.newBuilder()
            .setRegionId(meta.getId())
            .setRegionEpoch(meta.getRegionEpoch())
            .setPeer(leader)
            .setClusterId(clusterId)
            .build());
  }

  private CachedRegion(
      Region meta, Peer leader, int rotations, long expiresNanos, Context context) {
    this.meta = meta;
    this.start = meta.getStartKey().toByteArray();
    this.end = meta.getEndKey().toByteArray();
    this.leader = leader;
    this.rotations = rotations;
    this.expiresNanos = expiresNanos;
    this.context = context;
  }

  public long id() {
    return meta.getId();
  }

  public Region meta() {
    return meta;
  }

  public Peer leader() {
    return leader;
  }

  /** The fields of a request's context that name this region; others may be added. */
  public Context context() {
    return context;
  }

  /** The smallest stored key of the region. Do not change the array. */
  public byte[] start() {
    return start;
  }

  /** The first stored key behind the region; empty for no bound. Do not change the array. */
  public byte[] end() {
    return end;
  }

  /** The region's end as a message field. */
  public ByteString endBytes() {
    return meta.getEndKey();
  }

  /** Whether {@code storedKey} lies in the region. */
  public boolean holds(byte[] storedKey) {
    return contains(storedKey);
  }

  boolean contains(byte[] storedKey) {
    return Arrays.compareUnsigned(start, storedKey) <= 0 && isBelowEnd(storedKey);
  }

  /** Whether the keys just below {@code storedKey} (empty: the largest keys) lie in the region. */
  boolean containsBefore(byte[] storedKey) {
    if (storedKey.length == 0) {
      return end.length == 0;
    }
    return Arrays.compareUnsigned(start, storedKey) < 0
        && (end.length == 0 || Arrays.compareUnsigned(storedKey, end) <= 0);
  }

  private boolean isBelowEnd(byte[] storedKey) {
    return end.length == 0 || Arrays.compareUnsigned(storedKey, end) < 0;
  }

  boolean overlaps(CachedRegion other) {
    return (end.length == 0 || Arrays.compareUnsigned(other.start, end) < 0)
        && (other.end.length == 0 || Arrays.compareUnsigned(start, other.end) < 0);
  }

  boolean isExpired(long nowNanos) {
    return nowNanos - expiresNanos > 0;
  }

  long expiresNanos() {
    return expiresNanos;
  }

  RegionEpoch epoch() {
    return meta.getRegionEpoch();
  }

  /**
   * Whether {@code other} is newer knowledge about keys of both. Changes of peers count only within
   * one region: those of different regions cannot be compared.
   */
  boolean isOlderThan(CachedRegion other) {
    int version = Long.compareUnsigned(epoch().getVersion(), other.epoch().getVersion());
    return version < 0
        || (version == 0
            && id() == other.id()
            && Long.compareUnsigned(epoch().getConfVer(), other.epoch().getConfVer()) < 0);
  }

  Peer peer(long peerId) {
    for (Peer peer : meta.getPeersList()) {
      if (peer.getId() == peerId) {
        return peer;
      }
    }
    return null;
  }

  /** The same region, to be asked at a replica that need not lead. */
  CachedRegion servedBy(Peer replica, boolean stale) {
    return new CachedRegion(
        meta,
        replica,
        rotations,
        expiresNanos,
        context.toBuilder().setPeer(replica).setReplicaRead(!stale).setStaleRead(stale).build());
  }

  CachedRegion withLeader(Peer next) {
    return new CachedRegion(meta, next, 0, expiresNanos, context.getClusterId());
  }

  /** The same region with the next voter as leader; null when all have been tried. */
  CachedRegion withNextPeer() {
    List<Peer> voters =
        meta.getPeersList().stream()
            .filter(peer -> peer.getRole() != PeerRole.Learner && !peer.getIsWitness())
            .toList();
    if (rotations + 1 >= voters.size()) {
      return null;
    }
    int at = 0;
    for (int i = 0; i < voters.size(); i++) {
      if (voters.get(i).getId() == leader.getId()) {
        at = i;
      }
    }
    Peer next = voters.get((at + 1) % voters.size());
    return new CachedRegion(meta, next, rotations + 1, expiresNanos, context.getClusterId());
  }

  @Override
  public String toString() {
    return "region " + Long.toUnsignedString(meta.getId());
  }
}
