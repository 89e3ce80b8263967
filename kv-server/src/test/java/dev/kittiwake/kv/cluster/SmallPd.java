package dev.kittiwake.kv.cluster;

import dev.kittiwake.client.error.PdException;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.pd.RegionRoute;
import dev.kittiwake.proto.eraftpb.ConfChangeType;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdpb.AllocIDResponse;
import dev.kittiwake.proto.pdpb.AskBatchSplitRequest;
import dev.kittiwake.proto.pdpb.AskBatchSplitResponse;
import dev.kittiwake.proto.pdpb.BootstrapRequest;
import dev.kittiwake.proto.pdpb.BootstrapResponse;
import dev.kittiwake.proto.pdpb.ChangePeer;
import dev.kittiwake.proto.pdpb.ChangePeerV2;
import dev.kittiwake.proto.pdpb.CheckPolicy;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GCState;
import dev.kittiwake.proto.pdpb.GetGCStateResponse;
import dev.kittiwake.proto.pdpb.IsBootstrappedResponse;
import dev.kittiwake.proto.pdpb.Merge;
import dev.kittiwake.proto.pdpb.PutStoreRequest;
import dev.kittiwake.proto.pdpb.PutStoreResponse;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.ReportBatchSplitResponse;
import dev.kittiwake.proto.pdpb.SplitID;
import dev.kittiwake.proto.pdpb.SplitRegion;
import dev.kittiwake.proto.pdpb.StoreHeartbeatRequest;
import dev.kittiwake.proto.pdpb.StoreHeartbeatResponse;
import dev.kittiwake.proto.pdpb.TransferLeader;
import dev.kittiwake.proto.rpc.PdEndpoint.RegionHeartbeats;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A placement driver as small as the tests allow: ids, stores, the region map by heartbeats, and
 * one rule: each region shall have voters on exactly the wanted stores. One step at a time: add a
 * learner, promote it once it is not pending, remove whom nobody wants. Thread-safe.
 */
final class SmallPd {
  private final long clusterId;
  private long lastId;
  private boolean bootstrapped;
  private final TreeMap<Long, Store> stores = new TreeMap<>();
  private final TreeMap<Long, Region> regions = new TreeMap<>();
  private final Map<Long, Peer> leaders = new LinkedHashMap<>();
  private final Map<Long, List<Peer>> pending = new LinkedHashMap<>();
  private final Map<Long, Consumer<RegionHeartbeatResponse>> streams = new LinkedHashMap<>();
  private final Map<Long, Long> transfers = new LinkedHashMap<>(); // region → wanted leader's store
  private final Map<Long, Set<Long>> down = new LinkedHashMap<>(); // region → peers told to be down
  private final Map<Long, Long> sizes = new LinkedHashMap<>(); // region → reported size
  private final Map<Long, Long> merges = new LinkedHashMap<>(); // source → target
  private final Set<Long> halve = new LinkedHashSet<>(); // regions to be split in two
  private Set<Long> wanted = Set.of(); // stores; empty = leave things as they are
  private boolean joint;
  private int reports; // of any region
  private final Map<Long, Region> asItWas = new LinkedHashMap<>(); // told instead of what is known
  private int lookups; // of regions by id
  private long txnSafePoint; // up to which garbage may be collected once no lock is left there
  private final Set<Long> heartbeats = new LinkedHashSet<>();

  SmallPd(long clusterId) {
    this.clusterId = clusterId;
  }

  /** The client of one store. */
  PdClient client() {
    return new Client();
  }

  synchronized void want(Long... onStores) {
    wanted = new LinkedHashSet<>(Arrays.asList(onStores));
    joint = false;
  }

  /** Like {@link #want}, but by one joint change for what differs. */
  synchronized void wantJointly(Long... onStores) {
    want(onStores);
    joint = true;
  }

  synchronized void transfer(long regionId, long toStore) {
    transfers.put(regionId, toStore);
  }

  synchronized void noTransfers() {
    transfers.clear();
  }

  /** Asks for a split in two halves. */
  synchronized void halve(long regionId) {
    halve.add(regionId);
  }

  /** In bytes, as its leader last told; 0 = not known. */
  synchronized long size(long regionId) {
    return sizes.getOrDefault(regionId, 0L);
  }

  synchronized Region region(long id) {
    return regions.get(id);
  }

  synchronized List<Region> regionList() {
    return List.copyOf(regions.values());
  }

  /** The store that leads the region, or 0. */
  synchronized long leaderStore(long regionId) {
    Peer leader = leaders.get(regionId);
    return leader == null ? 0 : leader.getStoreId();
  }

  /** The peers that the region's leader takes for lost. */
  synchronized Set<Long> down(long regionId) {
    return down.getOrDefault(regionId, Set.of());
  }

  /** How many reports of regions have come. */
  synchronized int reports() {
    return reports;
  }

  /** Who asks for the region by its id is told how it was, as by one who lags. */
  synchronized void lagsBehind(Region before) {
    asItWas.put(before.getId(), before);
  }

  /** How often a region has been asked for by its id. */
  synchronized int lookups() {
    return lookups;
  }

  /** Nobody reads below it any more. */
  synchronized void txnSafePoint(long ts) {
    txnSafePoint = ts;
  }

  synchronized boolean heardOf(long storeId) {
    return heartbeats.contains(storeId);
  }

  synchronized Store store(long id) {
    return stores.get(id);
  }

  /** Voters exactly on the wanted stores, none joint. */
  synchronized boolean settled() {
    if (regions.isEmpty() || wanted.isEmpty()) {
      return false;
    }
    for (Region region : regions.values()) {
      Set<Long> voters = new LinkedHashSet<>();
      for (Peer peer : region.getPeersList()) {
        if (peer.getRole() != PeerRole.Voter) {
          return false;
        }
        voters.add(peer.getStoreId());
      }
      if (!voters.equals(wanted)) {
        return false;
      }
    }
    return true;
  }

  private synchronized RegionHeartbeatResponse onHeartbeat(
      RegionHeartbeatRequest heartbeat, Consumer<RegionHeartbeatResponse> stream) {
    reports++;
    Region region = heartbeat.getRegion();
    Region known = regions.get(region.getId());
    boolean stale =
        known != null
            && (region.getRegionEpoch().getVersion() < known.getRegionEpoch().getVersion()
                || region.getRegionEpoch().getConfVer() < known.getRegionEpoch().getConfVer());
    if (stale) {
      return null;
    }
    streams.put(heartbeat.getLeader().getStoreId(), stream);
    if (overlapsLater(region)) {
      return null;
    }
    regions.values().removeIf(other -> other.getId() != region.getId() && overlap(other, region));
    regions.put(region.getId(), region);
    leaders.put(region.getId(), heartbeat.getLeader());
    pending.put(region.getId(), heartbeat.getPendingPeersList());
    down.put(
        region.getId(),
        heartbeat.getDownPeersList().stream()
            .map(peer -> peer.getPeer().getId())
            .collect(Collectors.toCollection(TreeSet::new)));
    sizes.put(region.getId(), heartbeat.getApproximateSize());
    return step(region, heartbeat.getLeader());
  }

  private boolean overlapsLater(Region region) {
    return regions.values().stream()
        .anyMatch(
            other ->
                other.getId() != region.getId()
                    && overlap(other, region)
                    && other.getRegionEpoch().getVersion() > region.getRegionEpoch().getVersion());
  }

  private static boolean overlap(Region a, Region b) {
    return range(a).overlaps(range(b));
  }

  private static boolean contains(Region region, Key key) {
    return range(region).contains(key);
  }

  private static KeyRange range(Region region) {
    return new KeyRange(
        Key.wrap(region.getStartKey().toByteArray()), Key.wrap(region.getEndKey().toByteArray()));
  }

  /** Merges the one region into the other, as soon as both allow it. */
  synchronized void merge(long source, long target) {
    merges.put(source, target);
  }

  synchronized void noMerges() {
    merges.clear();
  }

  private RegionHeartbeatResponse step(Region region, Peer leader) {
    RegionHeartbeatResponse.Builder answer =
        RegionHeartbeatResponse.newBuilder()
            .setRegionId(region.getId())
            .setRegionEpoch(region.getRegionEpoch())
            .setTargetPeer(leader);
    Long transferTo = transfers.get(region.getId());
    if (transferTo != null) {
      if (transferTo == leader.getStoreId() || on(region, transferTo) == null) {
        transfers.remove(region.getId());
      } else {
        return answer
            .setTransferLeader(TransferLeader.newBuilder().setPeer(on(region, transferTo)))
            .build();
      }
    }
    Region target = regions.get(merges.getOrDefault(region.getId(), 0L));
    if (target != null && stores(target).equals(stores(region))) {
      return answer.setMerge(Merge.newBuilder().setTarget(target)).build();
    }
    if (halve.remove(region.getId())) {
      return answer
          .setSplitRegion(SplitRegion.newBuilder().setPolicy(CheckPolicy.APPROXIMATE))
          .build();
    }
    boolean inJoint =
        region.getPeersList().stream()
            .anyMatch(
                p ->
                    p.getRole() == PeerRole.IncomingVoter || p.getRole() == PeerRole.DemotingVoter);
    if (wanted.isEmpty() || inJoint) {
      return null;
    }
    for (long store : wanted) {
      if (on(region, store) == null) {
        Peer learner =
            Peer.newBuilder().setId(++lastId).setStoreId(store).setRole(PeerRole.Learner).build();
        return answer.setChangePeer(change(learner, ConfChangeType.AddLearnerNode)).build();
      }
    }
    List<ChangePeer> promotions = new ArrayList<>();
    for (Peer peer : region.getPeersList()) {
      if (peer.getRole() == PeerRole.Learner && wanted.contains(peer.getStoreId())) {
        boolean waits =
            pending.get(region.getId()).stream().anyMatch(p -> p.getId() == peer.getId());
        if (waits) {
          return null;
        }
        Peer voter = peer.toBuilder().setRole(PeerRole.Voter).build();
        promotions.add(change(voter, ConfChangeType.AddNode));
      }
    }
    List<ChangePeer> demotions = new ArrayList<>();
    Peer unwantedLearner = null;
    for (Peer peer : region.getPeersList()) {
      if (!wanted.contains(peer.getStoreId())) {
        if (peer.getStoreId() == leader.getStoreId()) {
          Peer other =
              region.getPeersList().stream()
                  .filter(p -> wanted.contains(p.getStoreId()) && p.getRole() == PeerRole.Voter)
                  .findFirst()
                  .orElse(null);
          if (other != null) {
            return answer.setTransferLeader(TransferLeader.newBuilder().setPeer(other)).build();
          }
        } else if (peer.getRole() == PeerRole.Learner) {
          unwantedLearner = peer;
        } else {
          Peer demoted = peer.toBuilder().setRole(PeerRole.Learner).build();
          demotions.add(change(demoted, ConfChangeType.AddLearnerNode));
        }
      }
    }
    if (joint && promotions.size() + demotions.size() > 1) {
      return answer
          .setChangePeerV2(
              ChangePeerV2.newBuilder().addAllChanges(promotions).addAllChanges(demotions))
          .build();
    }
    if (!promotions.isEmpty()) {
      return answer.setChangePeer(promotions.get(0)).build();
    }
    if (unwantedLearner != null) {
      return answer.setChangePeer(change(unwantedLearner, ConfChangeType.RemoveNode)).build();
    }
    if (!demotions.isEmpty()) {
      return answer
          .setChangePeer(change(demotions.get(0).getPeer(), ConfChangeType.RemoveNode))
          .build();
    }
    return null;
  }

  private static ChangePeer change(Peer peer, ConfChangeType type) {
    return ChangePeer.newBuilder().setPeer(peer).setChangeType(type).build();
  }

  private static Set<Long> stores(Region region) {
    Set<Long> stores = new TreeSet<>();
    region.getPeersList().forEach(peer -> stores.add(peer.getStoreId()));
    return stores;
  }

  private static Peer on(Region region, long store) {
    return region.getPeersList().stream()
        .filter(peer -> peer.getStoreId() == store)
        .findFirst()
        .orElse(null);
  }

  private synchronized Object answer(String method, Object request) {
    switch (method) {
      case "AllocID":
        return AllocIDResponse.newBuilder().setId(++lastId).setCount(1).build();
      case "IsBootstrapped":
        return IsBootstrappedResponse.newBuilder().setBootstrapped(bootstrapped).build();
      case "Bootstrap":
        if (bootstrapped) {
          throw new PdException(ErrorType.ALREADY_BOOTSTRAPPED, "the cluster exists already");
        }
        bootstrapped = true;
        Region first = ((BootstrapRequest) request).getRegion();
        regions.put(first.getId(), first);
        return BootstrapResponse.getDefaultInstance();
      case "PutStore":
        Store store = ((PutStoreRequest) request).getStore();
        stores.put(store.getId(), store);
        return PutStoreResponse.getDefaultInstance();
      case "StoreHeartbeat":
        heartbeats.add(((StoreHeartbeatRequest) request).getStats().getStoreId());
        return StoreHeartbeatResponse.getDefaultInstance();
      case "AskBatchSplit":
        AskBatchSplitRequest ask = (AskBatchSplitRequest) request;
        AskBatchSplitResponse.Builder ids = AskBatchSplitResponse.newBuilder();
        for (int i = 0; i < ask.getSplitCount(); i++) {
          SplitID.Builder id = SplitID.newBuilder().setNewRegionId(++lastId);
          for (int p = 0; p < ask.getRegion().getPeersCount(); p++) {
            id.addNewPeerIds(++lastId);
          }
          ids.addIds(id);
        }
        return ids.build();
      case "GetGCState":
        return GetGCStateResponse.newBuilder()
            .setGcState(GCState.newBuilder().setTxnSafePoint(txnSafePoint))
            .build();
      case "ReportBatchSplit":
        return ReportBatchSplitResponse.getDefaultInstance();
      default:
        throw new PdException(ErrorType.UNKNOWN, "this test's placement driver has no " + method);
    }
  }

  private final class Client implements PdClient {
    private volatile boolean closed;

    @Override
    public CompletableFuture<Long> clusterId() {
      return CompletableFuture.completedFuture(clusterId);
    }

    @Override
    public CompletableFuture<Long> timestamp() {
      synchronized (SmallPd.this) {
        return CompletableFuture.completedFuture(++lastId << 18);
      }
    }

    @Override
    public CompletableFuture<RegionRoute> region(byte[] storedKey) {
      synchronized (SmallPd.this) {
        return CompletableFuture.completedFuture(
            regions.values().stream()
                .filter(region -> contains(region, Key.wrap(storedKey)))
                .findFirst()
                .map(region -> new RegionRoute(region, region.getPeers(0)))
                .orElse(null));
      }
    }

    @Override
    public CompletableFuture<RegionRoute> previousRegion(byte[] storedKey) {
      throw new UnsupportedOperationException("stores do not look keys up");
    }

    @Override
    public CompletableFuture<Optional<RegionRoute>> regionById(long regionId) {
      synchronized (SmallPd.this) {
        lookups++;
        return CompletableFuture.completedFuture(
            Optional.ofNullable(asItWas.getOrDefault(regionId, regions.get(regionId)))
                .map(region -> new RegionRoute(region, region.getPeers(0))));
      }
    }

    @Override
    public CompletableFuture<List<RegionRoute>> scanRegions(byte[] start, byte[] end, int limit) {
      throw new UnsupportedOperationException("stores do not look keys up");
    }

    @Override
    public CompletableFuture<Optional<Store>> store(long storeId) {
      return CompletableFuture.completedFuture(Optional.ofNullable(SmallPd.this.store(storeId)));
    }

    @Override
    public CompletableFuture<List<Store>> stores() {
      synchronized (SmallPd.this) {
        return CompletableFuture.completedFuture(List.copyOf(stores.values()));
      }
    }

    @Override
    @SuppressWarnings("unchecked") // the answers match the methods' types
    public <Q, R> CompletableFuture<R> call(PdMethod<Q, R> method, Q request) {
      try {
        return CompletableFuture.completedFuture((R) answer(method.name(), request));
      } catch (PdException refused) {
        return CompletableFuture.failedFuture(refused);
      }
    }

    @Override
    public RegionHeartbeats openRegionHeartbeats(
        Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> ended) {
      return new RegionHeartbeats() {
        @Override
        public void send(RegionHeartbeatRequest heartbeat) {
          RegionHeartbeatResponse step = onHeartbeat(heartbeat, responses);
          if (step != null && !closed) {
            responses.accept(step);
            responses.accept(step); // the real one sends a step again when it hears nothing
          }
        }

        @Override
        public void close() {
          closed = true;
        }
      };
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
