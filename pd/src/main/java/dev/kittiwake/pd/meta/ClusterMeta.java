package dev.kittiwake.pd.meta;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdstore.BarrierRecord;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.MetaSnapshotRecord;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The replicated state of the placement driver: cluster id, stores, persisted regions, ids,
 * timestamp bound, safe points, settings, and a small key-value store. A function of the log.
 * Confined to one thread.
 */
public final class ClusterMeta {
  /** Where clients of the etcd interface look for the safe point, as decimal text. */
  public static final String SAVED_SAFE_POINT_KEY = "/tidb/store/gcworker/saved_safe_point";

  long clusterId; // 0 until created, never changes afterwards
  boolean bootstrapped;
  long lastId; // the largest id ever reserved
  long timestampBoundMillis; // only forward
  long gcSafePoint; // gcSafePoint <= txnSafePoint, both only forward
  long txnSafePoint;
  long externalTimestamp;
  long lastMemberId; // the largest id that a member ever had
  private long memberChanges;
  final SortedMap<Long, Store> stores = new TreeMap<>();
  final SortedSet<Long> droppedStores = new TreeSet<>(); // were tombstones
  final SortedMap<Long, Region> regions = new TreeMap<>();
  final SortedMap<String, String> config = new TreeMap<>();
  final SortedMap<Long, MemberRecord> members = new TreeMap<>();
  final MetaKv kv = new MetaKv();
  private final SortedMap<String, Barrier> barriers = new TreeMap<>();
  private final SortedMap<String, Barrier> globalBarriers = new TreeMap<>();

  /** 0 before the cluster was created. */
  public long clusterId() {
    return clusterId;
  }

  public boolean isBootstrapped() {
    return bootstrapped;
  }

  public Optional<Store> store(long id) {
    return Optional.ofNullable(stores.get(id));
  }

  /** By id, tombstones included. */
  public Collection<Store> stores() {
    return Collections.unmodifiableCollection(stores.values());
  }

  /** The regions as last persisted; leaders are not part of it. */
  public Collection<Region> regions() {
    return Collections.unmodifiableCollection(regions.values());
  }

  public Collection<MemberRecord> members() {
    return Collections.unmodifiableCollection(members.values());
  }

  public Optional<MemberRecord> member(long id) {
    return Optional.ofNullable(members.get(id));
  }

  /** Whether a member with this id was there once and is no more. */
  public boolean hasLeft(long memberId) {
    return !members.containsKey(memberId) && Long.compareUnsigned(memberId, lastMemberId) <= 0;
  }

  /** Grows with every change of the members; not part of the state. */
  public long memberChanges() {
    return memberChanges;
  }

  void dropMember(long id) {
    members.remove(id);
    memberChanges++;
  }

  void keepMember(MemberRecord member) {
    memberChanges++;
    members.put(member.getId(), member);
    if (Long.compareUnsigned(member.getId(), lastMemberId) > 0) {
      lastMemberId = member.getId();
    }
  }

  public SortedMap<String, String> config() {
    return Collections.unmodifiableSortedMap(config);
  }

  public long lastId() {
    return lastId;
  }

  /** No timestamp with this physical part or a larger one has been handed out. */
  public long timestampBoundMillis() {
    return timestampBoundMillis;
  }

  public long gcSafePoint() {
    return gcSafePoint;
  }

  public long txnSafePoint() {
    return txnSafePoint;
  }

  public long externalTimestamp() {
    return externalTimestamp;
  }

  public MetaKv kv() {
    return kv;
  }

  /** The barriers that are alive, in the order of their ids. */
  public Stream<Barrier> liveBarriers(boolean global, long nowMillis) {
    return barriers(global).values().stream().filter(barrier -> barrier.isLive(nowMillis));
  }

  /** What the older calls name the minimum service safe point: barriers and the GC's own. */
  public long minServiceSafePoint(long nowMillis) {
    long own = txnSafePoint;
    return lowestBarrier(nowMillis)
        .map(barrier -> Timestamp.isBefore(barrier.ts(), own) ? barrier.ts() : own)
        .orElse(own);
  }

  SortedMap<String, Barrier> barriers(boolean global) {
    return global ? globalBarriers : barriers;
  }

  Optional<Barrier> lowestBarrier(long nowMillis) {
    return Stream.concat(liveBarriers(false, nowMillis), liveBarriers(true, nowMillis))
        .min(Comparator.comparing(Barrier::ts, Timestamp::compare));
  }

  void dropExpiredBarriers(long nowMillis) {
    barriers.values().removeIf(barrier -> !barrier.isLive(nowMillis));
    globalBarriers.values().removeIf(barrier -> !barrier.isLive(nowMillis));
  }

  /** Only forward. Clients of the etcd interface read the value under its well-known key. */
  void moveTxnSafePoint(long target) {
    if (Timestamp.isAfter(target, txnSafePoint)) {
      txnSafePoint = target;
      kv.put(SAVED_SAFE_POINT_KEY, Timestamp.toString(target));
    }
  }

  boolean hasPeersOn(long storeId) {
    return regions.values().stream()
        .flatMap(region -> region.getPeersList().stream())
        .anyMatch(peer -> peer.getStoreId() == storeId);
  }

  /** Applies one entry of the log. */
  public Outcome apply(byte[] command) {
    return MetaCommand.decode(command).applyTo(this);
  }

  /** The whole state; {@link #decode} reads it. Equal states give equal bytes. */
  public byte[] encode() {
    MetaSnapshotRecord.Builder record =
        MetaSnapshotRecord.newBuilder()
            .setVersion(MetaCommand.VERSION)
            .setClusterId(clusterId)
            .setBootstrapped(bootstrapped)
            .addAllStores(stores.values())
            .addAllRegions(regions.values())
            .setLastId(lastId)
            .setTimestampBoundMillis(timestampBoundMillis)
            .setGcSafePoint(gcSafePoint)
            .setTxnSafePoint(txnSafePoint)
            .putAllConfig(config)
            .setKvRevision(kv.revision())
            .addAllKv(kv.records())
            .setExternalTimestamp(externalTimestamp)
            .addAllMembers(members.values())
            .setLastMemberId(lastMemberId)
            .addAllDroppedStores(droppedStores);
    barriers.values().forEach(barrier -> record.addBarriers(barrier.record()));
    globalBarriers.values().forEach(barrier -> record.addBarriers(barrier.record()));
    return record.build().toByteArray();
  }

  /**
   * @throws IllegalStateException for damaged bytes or a newer version
   */
  public static ClusterMeta decode(byte[] snapshot) {
    MetaSnapshotRecord record;
    try {
      record = MetaSnapshotRecord.parseFrom(snapshot);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("unreadable snapshot of pd: " + e.getMessage(), e);
    }
    if (record.getVersion() != MetaCommand.VERSION) {
      throw new IllegalStateException(
          "snapshot of version "
              + record.getVersion()
              + ", this program reads version "
              + MetaCommand.VERSION
              + ": start the newer program");
    }
    ClusterMeta meta = new ClusterMeta();
    meta.clusterId = record.getClusterId();
    meta.bootstrapped = record.getBootstrapped();
    record.getStoresList().forEach(store -> meta.stores.put(store.getId(), store));
    record.getRegionsList().forEach(region -> meta.regions.put(region.getId(), region));
    meta.lastId = record.getLastId();
    meta.timestampBoundMillis = record.getTimestampBoundMillis();
    meta.gcSafePoint = record.getGcSafePoint();
    meta.txnSafePoint = record.getTxnSafePoint();
    for (BarrierRecord barrier : record.getBarriersList()) {
      meta.barriers(barrier.getGlobal()).put(barrier.getId(), Barrier.of(barrier));
    }
    meta.config.putAll(record.getConfigMap());
    meta.kv.restore(record.getKvRevision(), record.getKvList());
    meta.externalTimestamp = record.getExternalTimestamp();
    meta.lastMemberId = record.getLastMemberId();
    record.getMembersList().forEach(meta::keepMember);
    meta.droppedStores.addAll(record.getDroppedStoresList());
    return meta;
  }
}
