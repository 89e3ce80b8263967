package dev.kittiwake.embedded;

import dev.kittiwake.client.Await;
import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.region.RegionRouter;
import dev.kittiwake.client.rpc.LocalKvRpc;
import dev.kittiwake.client.txn.PercolatorClient;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.RequestSide;
import dev.kittiwake.kv.StoreNode;
import dev.kittiwake.kv.StoreRuntime;
import dev.kittiwake.kv.background.StoreHeartbeat;
import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.gc.GcLeader;
import dev.kittiwake.kv.gc.GcProgress;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.transport.LocalRaftTransport;
import dev.kittiwake.kv.transport.RaftInbox;
import dev.kittiwake.kv.transport.RaftTransport;
import dev.kittiwake.kv.transport.SnapshotPace;
import dev.kittiwake.proto.Wiring;
import dev.kittiwake.proto.store.StoreIdent;
import dev.kittiwake.raft.wal.Wal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One store of a {@link LocalCluster}: its disk, which outlives a stop, and what runs on it between
 * start and stop.
 */
final class EmbeddedStore {
  private static final long STOP_SECONDS = 20;

  private final int number;
  private final KvConfig config;
  private final StoreDisk disk;
  private final Neighbours neighbours;
  private final RandomGenerator random;
  private final Consumer<Throwable> fatal;
  private Running running; // null while stopped

  /** What the stores of the cluster share. */
  record Neighbours(
      ClusterThreads threads,
      LocalStores stores,
      LocalKvRpc rpc,
      PdClient pd,
      StoreListener listener) {}

  EmbeddedStore(
      int number,
      KvConfig config,
      StoreDisk disk,
      Neighbours neighbours,
      RandomGenerator random,
      Consumer<Throwable> fatal) {
    this.number = number;
    this.config = config;
    this.disk = disk;
    this.neighbours = neighbours;
    this.random = random;
    this.fatal = fatal;
  }

  /** Starts the store; completes when it serves. */
  synchronized CompletableFuture<Void> start() throws IOException {
    if (running != null) {
      throw new IllegalStateException("store " + number + " runs already");
    }
    running = new Running();
    return running.node.start(running);
  }

  synchronized boolean isRunning() {
    return running != null;
  }

  /** The id in the cluster; only once it has served. */
  synchronized long id() {
    return running.node.storeId();
  }

  synchronized String address() {
    return running.address;
  }

  synchronized GcProgress gcProgress() {
    return running.node.gcProgress();
  }

  synchronized RegionAccess access() {
    return running.node.access();
  }

  /**
   * Stops the store; its data stays.
   *
   * @param orderly whether it first hands its leaderships over; without, it is gone as after a kill
   */
  synchronized void stop(boolean orderly) {
    if (running != null) {
      Running ended = running;
      running = null;
      ended.stop(orderly);
    }
  }

  /** What exists between start and stop. */
  private final class Running implements StoreNode.Doors {
    private final ExecutorService loop = neighbours.threads().single("store-" + number);
    private final ExecutorService logWriter =
        neighbours.threads().single("store-" + number + "-log");
    private final Engine engine;
    private final Wal wal;
    private final StoreNode node;
    private RaftInbox inbox;
    private AutoCloseable door;
    private String address;
    private long id;
    private ScheduledFuture<?> collection; // leads it if need be

    @Wiring
    Running() throws IOException {
      engine = disk.openEngine();
      wal = Wal.open(disk.openLog(), disk.logConfig(), logWriter, System::nanoTime);
      StoreRuntime runtime =
          new StoreRuntime(
              loop,
              loop, // on few cores applying on the loop saves a wake-up of another thread
              neighbours.threads().background(),
              neighbours.threads().timer(),
              System::nanoTime,
              InstantSource.system(),
              random);
      node =
          new StoreNode(
              config,
              runtime,
              engine,
              wal,
              neighbours.pd(),
              () ->
                  new StoreHeartbeat.Space(
                      disk.capacityBytes(), disk.availableBytes(), disk.usedBytes()),
              fatal);
    }

    @Override
    @Wiring
    public RaftTransport transport(StoreIdent ident) {
      SnapshotPace pace =
          new SnapshotPace(
              config.number(KvSetting.SNAPSHOT_RATE),
              config.count(KvSetting.SNAPSHOT_CHUNK),
              System::nanoTime,
              neighbours.threads().background(),
              neighbours.threads().timer());
      return new LocalRaftTransport(neighbours.stores().raft(), pace);
    }

    @Override
    @Wiring
    public String open(StoreIdent ident, RegionAccess access, RaftInbox raftInbox) {
      id = ident.getStoreId();
      inbox = raftInbox;
      neighbours.stores().raft().register(id, raftInbox);
      RequestSide requests =
          new RequestSide(
              access,
              neighbours.pd(),
              neighbours.stores()::report,
              new RequestSide.Runtime(
                  neighbours.threads().timer(),
                  loop,
                  neighbours.threads().requests(),
                  new ScanExecutor(neighbours.threads().requests()),
                  System::nanoTime),
              RequestSide.Limits.DEFAULT);
      leadCollection(access);
      StoreListener.Opened opened = neighbours.listener().open(number, requests);
      door = opened.door();
      address = opened.address();
      neighbours.stores().register(address, requests.detector());
      neighbours.rpc().register(address, requests.api());
      return address;
    }

    /** A store is a client of the others where it removes their locks. */
    @Wiring
    private void leadCollection(RegionAccess access) {
      ClientRuntime runtime =
          new ClientRuntime(
              System::nanoTime,
              neighbours.threads().timer(),
              neighbours.threads().background(),
              new SplittableRandom(random.nextLong()),
              Await.BLOCKING,
              () -> {});
      RegionRouter router = new RegionRouter(neighbours.pd(), neighbours.rpc(), runtime);
      GcLeader leader =
          new GcLeader(
              neighbours.pd(),
              new PercolatorClient(router, neighbours.pd(), ClientConfig.DEFAULT, runtime)
                  ::sweepLocks);
      access.addListener(leader);
      long pause = config.millis(KvSetting.GC_POLL);
      collection =
          runtime.timer().scheduleWithFixedDelay(leader, pause, pause, TimeUnit.MILLISECONDS);
    }

    void stop(boolean orderly) {
      if (orderly) {
        await(node.handOver(config.millis(KvSetting.STOP_PATIENCE)));
      }
      if (address != null) {
        neighbours.rpc().unregister(address);
        neighbours.stores().unregister(address);
        neighbours.stores().raft().unregister(id, inbox);
        closeQuietly(door);
      }
      if (collection != null) {
        collection.cancel(false);
      }
      await(node.stop());
      closeQuietly(wal); // before the threads: what it still forces reports to the loop
      ClusterThreads.stop(logWriter);
      ClusterThreads.stop(loop);
      disk.closeEngine(engine);
    }

    private void await(CompletableFuture<Void> done) {
      try {
        done.get(STOP_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        fatal.accept(new IllegalStateException("store " + number + " did not stop in time", e));
      }
    }

    private void closeQuietly(AutoCloseable closeable) {
      try {
        if (closeable != null) {
          closeable.close();
        }
      } catch (Exception e) {
        fatal.accept(e);
      }
    }
  }
}
