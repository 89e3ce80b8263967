package dev.kittiwake.client.fake;

import com.google.protobuf.ByteString;
import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.pd.EndpointPdClient;
import dev.kittiwake.client.region.UserKeys;
import dev.kittiwake.client.rpc.LocalKvRpc;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockRequest;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockResponse;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.txn.wait.DeadlockDetector;
import dev.kittiwake.txn.wait.InMemoryLocks;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A small cluster for tests: three stores over the same data, real transaction commands, regions
 * that split and move when a test says so, faults on demand, and a clock that tests move.
 */
public final class FakeCluster implements AutoCloseable {
  public static final long CLUSTER_ID = 77;

  /** What goes wrong. */
  public interface Fault {
    Fault NONE = new Fault() {};

    /** An answer instead of the store's; null for none. */
    default CompletableFuture<?> before(long store, KvMethod<?, ?> method, Object request) {
      return null;
    }

    /** What becomes of the store's answer. */
    default CompletableFuture<?> after(
        long store, KvMethod<?, ?> method, Object request, CompletableFuture<?> answer) {
      return answer;
    }
  }

  private record Waiter(
      FakeStore store,
      PessimisticLockRequest request,
      CompletableFuture<PessimisticLockResponse> answer) {}

  public static final CompletableFuture<?> LOST =
      CompletableFuture.failedFuture(
          Status.UNAVAILABLE.withDescription("connection lost").asRuntimeException());

  public final List<String> calls = new CopyOnWriteArrayList<>();
  public volatile Fault fault = Fault.NONE;
  public volatile boolean tellLeaders = true;
  public volatile boolean maxTsSynced = true;
  public final FakePd pd = new FakePd(this);

  final FakeData data = new FakeData();
  final NavigableMap<Key, byte[]> raw = new TreeMap<>();
  final InMemoryLocks memory = new InMemoryLocks();
  final DeadlockDetector deadlocks = new DeadlockDetector(60_000);
  private final Map<Long, FakeStore> stores = new LinkedHashMap<>();
  private final TreeMap<Key, Region> regions = new TreeMap<>(); // by start
  private final Map<Long, Long> leaders = new LinkedHashMap<>(); // region to store
  private final List<Waiter> waiters = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private long nextId = 100;
  private long lastTimestamp = Timestamp.of(1_000_000, 0);

  public FakeCluster() {
    for (long id = 1; id <= 3; id++) {
      stores.put(id, new FakeStore(this, id));
    }
    put(newRegion(10, Key.EMPTY, Key.EMPTY, 1));
    leaders.put(10L, 1L);
  }

  private static Region newRegion(long id, Key start, Key end, long version) {
    Region.Builder region =
        Region.newBuilder()
            .setId(id)
            .setStartKey(FakeMessages.bytes(start))
            .setEndKey(FakeMessages.bytes(end))
            .setRegionEpoch(RegionEpoch.newBuilder().setConfVer(1).setVersion(version));
    for (long store = 1; store <= 3; store++) {
      region.addPeers(Peer.newBuilder().setId(id * 10 + store).setStoreId(store));
    }
    return region.build();
  }

  private void put(Region region) {
    regions.put(FakeMessages.key(region.getStartKey()), region);
  }

  /** A client in this JVM with short pauses and lives of locks. */
  public ClusterClient client() {
    return client(ClientConfig.DEFAULT);
  }

  public ClusterClient client(ClientConfig config) {
    ClientRuntime runtime = ClientRuntime.production();
    return new ClusterClient(
        EndpointPdClient.of(List.of(pd), config, runtime), rpc(), config, runtime);
  }

  public LocalKvRpc rpc() {
    LocalKvRpc rpc = new LocalKvRpc();
    stores.forEach((id, store) -> rpc.register(address(id), store));
    return rpc;
  }

  public KvEndpoint store(long id) {
    return stores.get(id);
  }

  String address(long store) {
    return "127.0.0.1:" + (20_000 + store);
  }

  /** Splits at a user key: the right part gets a new id. */
  public synchronized void split(byte[] userKey) {
    splitStored(MemComparable.encode(Key.copyOf(userKey)));
  }

  /** Splits at a stored key. */
  public synchronized void splitStored(Key at) {
    Region old = regionAt(at);
    Key start = FakeMessages.key(old.getStartKey());
    if (start.equals(at)) {
      return;
    }
    long version = old.getRegionEpoch().getVersion() + 1;
    long right = nextId++;
    put(newRegion(old.getId(), start, at, version));
    put(newRegion(right, at, FakeMessages.key(old.getEndKey()), version));
    leaders.put(right, leaders.get(old.getId()));
  }

  public synchronized void moveLeader(long region, long store) {
    leaders.put(region, store);
  }

  public synchronized List<Region> regions() {
    return new ArrayList<>(regions.values());
  }

  synchronized Region region(long id) {
    return regions.values().stream().filter(each -> each.getId() == id).findFirst().orElse(null);
  }

  synchronized Region regionAt(Key stored) {
    return regions.floorEntry(stored).getValue();
  }

  synchronized Region regionBelow(Key stored) {
    return regions.lowerEntry(stored).getValue();
  }

  synchronized Peer leader(long region) {
    long store = leaders.get(region);
    return Peer.newBuilder().setId(region * 10 + store).setStoreId(store).build();
  }

  KeyRange storedRange(Region region) {
    return new KeyRange(
        FakeMessages.key(region.getStartKey()), FakeMessages.key(region.getEndKey()));
  }

  KeyRange userRange(Region region) {
    return new KeyRange(user(region.getStartKey()), user(region.getEndKey()));
  }

  private static Key user(ByteString stored) {
    return stored.isEmpty() ? Key.EMPTY : UserKeys.atOrAbove(stored.toByteArray());
  }

  synchronized long timestamps(int count) {
    lastTimestamp += count;
    return lastTimestamp;
  }

  /** Time passes for the placement driver, and so for the life of locks. */
  public synchronized void advanceMillis(long millis) {
    lastTimestamp += millis << Timestamp.LOGICAL_BITS;
  }

  /** The number of locks that exist. */
  public synchronized int locks() {
    return data.locks();
  }

  /** How often a call came. */
  public long count(String method) {
    return calls.stream().filter(method::equals).count();
  }

  void park(
      FakeStore store,
      PessimisticLockRequest request,
      CompletableFuture<PessimisticLockResponse> answer) {
    Waiter waiter = new Waiter(store, request, answer);
    waiters.add(waiter);
    timer.schedule(
        () -> {
          synchronized (this) {
            if (waiters.remove(waiter)) {
              store.tryLock(request, answer, true);
            }
          }
        },
        Math.max(1, request.getWaitTimeout()),
        TimeUnit.MILLISECONDS);
  }

  void wakeWaiters() {
    List<Waiter> woken = new ArrayList<>(waiters);
    waiters.clear();
    woken.forEach(waiter -> waiter.store.tryLock(waiter.request, waiter.answer, false));
  }

  /** The number of lock requests that wait. */
  public synchronized int waiting() {
    return waiters.size();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
