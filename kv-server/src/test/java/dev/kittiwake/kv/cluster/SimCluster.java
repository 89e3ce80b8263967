package dev.kittiwake.kv.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.RequestSide;
import dev.kittiwake.kv.StoreNode;
import dev.kittiwake.kv.StoreRuntime;
import dev.kittiwake.kv.background.StoreHeartbeat;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.MemoryEngine;
import dev.kittiwake.kv.engine.MemoryWalDirectory;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.LocalRaftTransport;
import dev.kittiwake.kv.transport.LocalStores;
import dev.kittiwake.kv.transport.RaftInbox;
import dev.kittiwake.kv.transport.RaftTransport;
import dev.kittiwake.kv.transport.SnapshotPace;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.proto.store.StoreIdent;
import dev.kittiwake.raft.wal.Wal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/** Stores, a small placement driver and a network that can be cut, all in the test's own thread. */
final class SimCluster {
  final VirtualTime time = new VirtualTime();
  final SmallPd pd = new SmallPd(77);
  final Set<Long> cutOff = new LinkedHashSet<>();
  Predicate<Envelope> lost = envelope -> false; // what does not arrive
  final TreeMap<Long, SimStore> stores = new TreeMap<>();
  private final LocalStores network = new LocalStores();
  private final SplittableRandom random;
  private final KvConfig config;
  private final List<Throwable> faults = new ArrayList<>();
  private boolean serving; // stores have the side of requests too

  SimCluster(long seed) {
    this(seed, KvConfig.fastTest());
  }

  SimCluster(long seed, KvConfig config) {
    this.random = new SplittableRandom(seed);
    this.config = config;
  }

  /** One store with its disk, which outlives the process. */
  final class SimStore implements StoreNode.Doors {
    final MemoryEngine engine = new MemoryEngine(true);
    final MemoryWalDirectory log = new MemoryWalDirectory();
    FaultyDisk disk = new FaultyDisk(time);
    boolean mayFail; // a failure of the store is part of the test
    Throwable failure;
    long applyLagMillis; // how late it applies what is committed
    StoreNode node;
    Wal wal;
    RequestSide side; // only with serving()

    /** Arrive at the next start, as soon as others can connect. */
    final List<Envelope> early = new ArrayList<>();

    private RaftInbox inbox;
    private final List<Runnable> held = new ArrayList<>();
    private boolean alive;
    private boolean paused;
    private boolean applying = true;
    private final List<Runnable> toApply = new ArrayList<>();

    CompletableFuture<Void> start() {
      alive = true;
      try {
        wal =
            Wal.open(
                disk.log(log),
                walConfig(),
                disk.writer(task -> time.execute(() -> ifAlive(task))),
                time::nanos);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
      StoreRuntime runtime =
          new StoreRuntime(
              this::run, this::apply, this::run, time, time::nanos, time.clock(), random.split());
      node =
          new StoreNode(
              config,
              runtime,
              disk.database(engine),
              wal,
              pd.client(),
              () -> new StoreHeartbeat.Space(1 << 30, 1 << 29, 1 << 20),
              this::onFatal);
      return node.start(this);
    }

    private void onFatal(Throwable cause) {
      if (!mayFail) {
        faults.add(cause);
      } else if (failure == null) {
        failure = cause;
      }
    }

    /** Stops the process where it stands, as SIGSTOP or a long collection does. */
    void pause() {
      paused = true;
    }

    void resume() {
      paused = false;
      held.forEach(time::execute);
      held.clear();
    }

    /** What is committed is not applied any more, as behind much other work. */
    void stopApplying() {
      applying = false;
    }

    void goOnApplying() {
      applying = true;
      toApply.forEach(this::run);
      toApply.clear();
    }

    private void apply(Runnable task) {
      if (!applying) {
        toApply.add(task);
      } else if (applyLagMillis == 0) {
        run(task);
      } else {
        time.schedule(() -> run(task), applyLagMillis, TimeUnit.MILLISECONDS);
      }
    }

    private void run(Runnable task) {
      time.execute(
          () -> {
            if (paused) {
              held.add(task);
            } else {
              task.run();
            }
          });
    }

    private void ifAlive(Runnable task) {
      if (alive) {
        task.run();
      }
    }

    @Override
    public RaftTransport transport(StoreIdent ident) {
      SnapshotPace pace =
          new SnapshotPace(0, config.count(KvSetting.SNAPSHOT_CHUNK), time::nanos, time, time);
      return new CutTransport(
          new LocalRaftTransport(network, pace), ident.getStoreId(), cutOff, e -> lost.test(e));
    }

    @Override
    public String open(StoreIdent ident, RegionAccess access, RaftInbox door) {
      inbox = door;
      network.register(ident.getStoreId(), door);
      door.receive(List.copyOf(early));
      early.clear();
      if (serving) {
        side =
            new RequestSide(
                access,
                pd.client(),
                (address, request) ->
                    CompletableFuture.failedFuture(new IllegalStateException("not reached")),
                new RequestSide.Runtime(time, this::run, this::run, this::run, time::nanos),
                RequestSide.Limits.DEFAULT);
      }
      return "sim-" + ident.getStoreId();
    }

    RegionAccess access() {
      return node.access();
    }

    /** The door for other stores. */
    RaftInbox inbox() {
      return inbox;
    }

    /** The process is gone; with {@code power}, so is what was not synced. */
    void kill(boolean power) {
      long id = node.storeId();
      network.unregister(id, inbox);
      CompletableFuture<Void> stopped = node.stop();
      alive = false;
      time.runUntil("store " + id + " stops", 10, stopped::isDone);
      if (power) {
        engine.losePower(random);
        log.losePower(random);
      }
    }
  }

  private dev.kittiwake.raft.wal.WalConfig walConfig() {
    return new dev.kittiwake.raft.wal.WalConfig(64 << 10, 8, 2, 1 << 20, 64 << 10);
  }

  /** Adds a store and waits until it serves. */
  SimStore add() {
    SimStore store = new SimStore();
    CompletableFuture<Void> started = store.start();
    until("a store starts", started::isDone);
    started.join();
    stores.put(store.node.storeId(), store);
    return store;
  }

  void restart(SimStore store) {
    CompletableFuture<Void> started = store.start();
    until("a store starts again", started::isDone);
    started.join();
  }

  /** Stores with one region on all of them. */
  static SimCluster replicated(long seed, int count) {
    return replicated(seed, count, KvConfig.fastTest());
  }

  static SimCluster replicated(long seed, int count, KvConfig config) {
    return new SimCluster(seed, config).grow(count);
  }

  /** Stores added from now on answer requests of clients. */
  SimCluster serving() {
    serving = true;
    return this;
  }

  /** Adds stores until there are {@code count}, and waits until all hold all regions. */
  SimCluster grow(int count) {
    SimCluster cluster = this;
    for (int i = 0; i < count; i++) {
      cluster.add();
    }
    cluster.pd.want(cluster.stores.keySet().toArray(new Long[0]));
    cluster.until("every store holds a voter", cluster.pd::settled);
    return cluster;
  }

  void until(String what, BooleanSupplier condition) {
    time.runUntil(
        what,
        60,
        () -> {
          if (!faults.isEmpty()) {
            throw new AssertionError("a store failed", faults.get(0));
          }
          return condition.getAsBoolean();
        });
  }

  <T> T await(CompletableFuture<T> future) {
    until("an answer", future::isDone);
    return future.join();
  }

  // ---- a client that finds leaders by looking everywhere ----

  /** The store that leads the region of {@code key} and the context to address it with. */
  record Target(SimStore store, Context context, RegionView view) {}

  Target leader(String key) {
    return leader(Key.of(key));
  }

  Target leader(Key key) {
    Target[] found = new Target[1];
    until("a leader for " + key, () -> (found[0] = findLeader(key)) != null);
    return found[0];
  }

  private Target findLeader(Key key) {
    List<Target> all = leaders(key);
    return all.isEmpty() ? null : all.get(0);
  }

  List<Target> leaders(String key) {
    return leaders(Key.of(key));
  }

  /** Every store that takes itself for the leader of the key's region. */
  List<Target> leaders(Key key) {
    List<Target> found = new ArrayList<>();
    for (SimStore store : stores.values()) {
      if (!store.alive || store.paused) {
        continue;
      }
      for (RegionView view : store.access().regions()) {
        if (view.leader() && view.contains(key)) {
          Context context = context(view.region(), view.peer(), view.term());
          if (store.access().admit(context, List.of(key), true)
              instanceof Admission.Admitted admitted) {
            found.add(new Target(store, context, admitted.view()));
          }
        }
      }
    }
    return found;
  }

  /** The regions that the placement driver knows cover all keys, each once. */
  void checkThatRegionsTile() {
    if (!tiles()) {
      throw new AssertionError("a gap or an overlap: " + pd.regionList());
    }
  }

  boolean tiles() {
    List<Region> regions = new ArrayList<>(pd.regionList());
    regions.sort(Comparator.comparing(region -> Key.wrap(region.getStartKey().toByteArray())));
    ByteString end = ByteString.EMPTY;
    for (int i = 0; i < regions.size(); i++) {
      if (!regions.get(i).getStartKey().equals(end) || (i > 0 && end.isEmpty())) {
        return false;
      }
      end = regions.get(i).getEndKey();
    }
    return end.isEmpty();
  }

  static Context context(Region region, Peer peer, long term) {
    return Context.newBuilder()
        .setRegionId(region.getId())
        .setRegionEpoch(region.getRegionEpoch())
        .setPeer(peer)
        .setTerm(term)
        .build();
  }

  /** Writes, trying again as a client does, until it is done. */
  void put(String key, String value) {
    for (int attempt = 0; attempt < 50; attempt++) {
      Target target = leader(key);
      Error error =
          await(
              target
                  .store()
                  .access()
                  .write(
                      target.view(),
                      new RegionWrite().put(Family.DEFAULT, Key.of(key), value.getBytes(UTF_8))));
      if (error == null) {
        return;
      }
      time.run(50);
    }
    throw new AssertionError("no write of " + key + " succeeded");
  }

  String get(String key) {
    for (int attempt = 0; attempt < 50; attempt++) {
      Target target = leader(key);
      ReadResult result = await(target.store().access().read(target.view()));
      if (result instanceof ReadResult.Readable readable) {
        try (var snapshot = readable.snapshot()) {
          return text(snapshot.get(Family.DEFAULT, Key.of(key)));
        }
      }
      time.run(50);
    }
    throw new AssertionError("no read of " + key + " succeeded");
  }

  /** Splits; asks again while the leader has yet to begin, as clients do. */
  SplitResult split(String... keys) {
    List<Key> splitKeys = new ArrayList<>();
    for (String key : keys) {
      splitKeys.add(Key.of(key));
    }
    while (true) {
      Target target = leader(keys[0]);
      SplitResult result = await(target.store().access().split(target.view(), splitKeys));
      if (result instanceof SplitResult.Refused refused
          && refused.error().getMessage().contains("has yet to begin")) {
        time.run(50);
      } else {
        return result;
      }
    }
  }

  /** Asks the store that leads {@code storedKey}; the context is put in by {@code request}. */
  <Q, R> R call(KvMethod<Q, R> method, Key storedKey, Function<Context, Q> request) {
    Target target = leader(storedKey);
    return await(target.store().side.api().call(method, request.apply(target.context())));
  }

  /** What the placement driver and the stores believe, for the reader of a failure. */
  String describe() {
    StringBuilder text = new StringBuilder("placement driver:\n");
    pd.regionList().forEach(region -> text.append("  ").append(describe(region)).append('\n'));
    stores.forEach(
        (id, store) -> {
          text.append("store ").append(id).append(":\n");
          for (RegionView view : store.access().regions()) {
            text.append("  ").append(describe(view.region()));
            text.append(" peer ").append(view.peer().getId()).append(" term ").append(view.term());
            text.append(view.leader() ? " leads\n" : "\n");
          }
        });
    return text.toString();
  }

  private static String describe(Region region) {
    StringBuilder peers = new StringBuilder();
    for (Peer peer : region.getPeersList()) {
      peers.append(' ').append(peer.getId()).append('@').append(peer.getStoreId());
      peers.append(peer.getRole() == PeerRole.Voter ? "" : "(" + peer.getRole() + ")");
    }
    return region.getId()
        + " ["
        + region.getStartKey().toStringUtf8()
        + ", "
        + region.getEndKey().toStringUtf8()
        + ") version "
        + region.getRegionEpoch().getVersion()
        + " conf "
        + region.getRegionEpoch().getConfVer()
        + peers;
  }

  /** What lies in a store's engine, whatever raft thinks. */
  static String local(SimStore store, String key) {
    return text(store.engine.get(Family.DEFAULT, ("z" + key).getBytes(UTF_8)));
  }

  static String text(byte[] value) {
    return value == null ? null : new String(value, UTF_8);
  }
}
