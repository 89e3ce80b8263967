package dev.kittiwake.kv;

import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.kv.background.StoreHeartbeat;
import dev.kittiwake.kv.engine.BlockCache;
import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.MemoryEngine;
import dev.kittiwake.kv.engine.MemoryWalDirectory;
import dev.kittiwake.kv.engine.RocksEngine;
import dev.kittiwake.kv.engine.RocksSettings;
import dev.kittiwake.kv.gc.GcProgress;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.transport.GrpcRaftTransport;
import dev.kittiwake.kv.transport.LocalRaftTransport;
import dev.kittiwake.kv.transport.LocalStores;
import dev.kittiwake.kv.transport.Patience;
import dev.kittiwake.kv.transport.RaftInbox;
import dev.kittiwake.kv.transport.RaftTransport;
import dev.kittiwake.kv.transport.SnapshotPace;
import dev.kittiwake.kv.transport.StoreTransportService;
import dev.kittiwake.proto.Wiring;
import dev.kittiwake.proto.store.StoreIdent;
import dev.kittiwake.raft.wal.FileWalDirectory;
import dev.kittiwake.raft.wal.Wal;
import dev.kittiwake.raft.wal.WalDirectory;
import io.grpc.BindableService;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store as a process, or part of one: data directory, engine, log, threads and sockets, made here
 * and only here, around a {@link StoreNode}. Start and stop are called by one thread.
 */
@Wiring
public final class KvServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KvServer.class);

  private final KvConfig config;
  private final PdClient pd;
  private final Surroundings surroundings;
  private final Function<Seam, List<BindableService>> edge;
  private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
  private DataDirectory directory; // null = in memory
  private StoreThreads threads;
  private Engine engine;
  private Wal wal;
  private volatile StoreNode node; // its threads ask for it when they fail
  private GrpcDoor door;
  private BlockCache ownCache; // null = shared, or not needed
  private LocalStores localStores;
  private RaftInbox inbox;

  /**
   * What the stores of one JVM share.
   *
   * @param cache null = the store makes its own
   * @param local null = raft messages go over gRPC; else stores reach each other through it
   * @param memoryEngine with no data directory: the engine to use again after a restart, or null
   * @param memoryLog with no data directory: the log to use again after a restart, or null
   */
  public record Surroundings(
      BlockCache cache,
      LocalStores local,
      MemoryEngine memoryEngine,
      MemoryWalDirectory memoryLog) {
    /** A store alone in its process. */
    public static final Surroundings NONE = new Surroundings(null, null, null, null);
  }

  /**
   * What the request side is built on, once the store knows who it is.
   *
   * @param ident whose store this is
   * @param access the door to its regions
   * @param runtime threads and clocks
   */
  public record Seam(StoreIdent ident, RegionAccess access, StoreRuntime runtime) {}

  /**
   * @param pd not closed by the server
   * @param edge makes the services for clients; called once, during start
   */
  public KvServer(
      KvConfig config,
      PdClient pd,
      Surroundings surroundings,
      Function<Seam, List<BindableService>> edge) {
    this.config = config;
    this.pd = pd;
    this.surroundings = surroundings;
    this.edge = edge;
  }

  /**
   * Opens the data, the doors, and joins the cluster.
   *
   * @throws EngineException with a line for the user if data or log cannot be used
   * @throws InvalidConfig if an address cannot be listened to
   * @throws IllegalStateException if the placement driver does not take the store in time
   */
  public KvServer start() {
    try {
      open();
      await(node.start(new Doors()), config.millis(KvSetting.START_PATIENCE));
      LOG.info("store={} address={} serves", node.storeId(), address());
      return this;
    } catch (RuntimeException failure) {
      kill();
      throw failure;
    }
  }

  private void open() {
    String data = config.text(KvSetting.DATA);
    long seed = System.nanoTime();
    threads = new StoreThreads(config, "store", seed, this::onBroken);
    LOG.info("data={} seed={}", data.isEmpty() ? "memory" : data, seed);
    tellMemoryPlan();
    WalDirectory log;
    try {
      if (data.isEmpty()) {
        engine =
            surroundings.memoryEngine() == null ? new MemoryEngine() : surroundings.memoryEngine();
        log =
            surroundings.memoryLog() == null ? new MemoryWalDirectory() : surroundings.memoryLog();
      } else {
        directory = DataDirectory.take(Path.of(data));
        log = new FileWalDirectory(directory.log());
      }
      // Read before the database is opened, which writes: damage is found while all is as it was.
      wal = Wal.open(log, config.wal(), threads.logWriter(), System::nanoTime);
      if (directory != null) {
        keepReserve();
        engine = RocksEngine.open(directory.database(), rocks(), cache());
      }
    } catch (IOException failure) {
      throw new EngineException(
          "cannot open the raft log in " + data + ": " + failure.getMessage(), failure);
    }
    node = new StoreNode(config, threads.runtime(), engine, wal, pd, this::space, this::onFatal);
  }

  private void tellMemoryPlan() {
    long heap = Runtime.getRuntime().maxMemory();
    long machine =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : Long.MAX_VALUE;
    // Unless it was told otherwise, the JVM lets buffers outside of the heap grow as large as it.
    MemoryPlan plan = MemoryPlan.of(config, heap, heap, machine);
    if (plan.fits()) {
      LOG.info("event=memory_plan {}", plan.line());
    } else {
      LOG.warn(
          "event=memory_plan {}: more than there is; lower -Xmx, -XX:MaxDirectMemorySize or {}",
          plan.line(),
          KvSetting.BLOCK_CACHE.label());
    }
  }

  /** Gives room up before the database is opened, if there is none: opening needs a little. */
  private void keepReserve() {
    StoreHeartbeat.Space disk = directory.space();
    long reserved = Math.min(config.number(KvSetting.SPACE_RESERVE), disk.capacity() / 100);
    long low = Math.min(config.number(KvSetting.DISK_LOW), disk.capacity() / 20);
    ReserveKeeper keeper =
        new ReserveKeeper(directory.reserve(reserved), directory::available, low);
    keeper.releaseIfFull();
    StoreRuntime runtime = threads.runtime();
    long pause = config.millis(KvSetting.HEALTH_CHECK);
    runtime
        .timer()
        .scheduleWithFixedDelay(
            () -> runtime.background().execute(keeper),
            pause,
            Math.max(1_000, pause),
            TimeUnit.MILLISECONDS);
  }

  private BlockCache cache() {
    if (surroundings.cache() != null) {
      return surroundings.cache();
    }
    ownCache = new BlockCache(config.number(KvSetting.BLOCK_CACHE));
    return ownCache;
  }

  private RocksSettings rocks() {
    int cores = Runtime.getRuntime().availableProcessors();
    RocksSettings base = RocksSettings.small(cores);
    long memtable = config.number(KvSetting.MEMTABLE);
    return new RocksSettings(
        memtable, base.memtables(), base.backgroundJobs(), 8 * memtable, base.maxOpenFiles());
  }

  /** The disk of the data directory. */
  public StoreHeartbeat.Space space() {
    if (directory != null) {
      return directory.space();
    }
    Runtime jvm = Runtime.getRuntime();
    long used = jvm.totalMemory() - jvm.freeMemory();
    return new StoreHeartbeat.Space(jvm.maxMemory(), jvm.maxMemory() - used, used);
  }

  /** A task of the store's own threads threw: nobody knows what it has left undone. */
  private void onBroken(Throwable cause) {
    StoreNode running = node;
    if (running == null) {
      onFatal(cause);
    } else {
      running.fail(cause);
    }
  }

  private void onFatal(Throwable cause) {
    if (!failed.complete(cause)) {
      return;
    }
    if (cause instanceof IOException || cause instanceof EngineException) {
      LOG.error("event=store_failed the disk or the data failed: {}", cause.getMessage());
    } else {
      LOG.error("event=store_failed the store cannot go on and must be stopped", cause);
    }
  }

  /** Completes if the store cannot go on; whoever owns it then stops it. */
  public CompletableFuture<Throwable> failed() {
    return failed;
  }

  /** Where clients and stores connect to, with the port that was really taken. */
  public String address() {
    return door.address();
  }

  public long storeId() {
    return node.storeId();
  }

  /** The door to this store's regions. */
  public RegionAccess access() {
    return node.access();
  }

  /** How far garbage collection is. */
  public GcProgress gcProgress() {
    return node.gcProgress();
  }

  public Engine engine() {
    return engine;
  }

  public Wal wal() {
    return wal;
  }

  /** What the store runs on. */
  public StoreRuntime runtime() {
    return threads.runtime();
  }

  /** Hands leaderships over, then stops. */
  public void stop() {
    if (node != null && !failed.isDone()) {
      long patience = config.millis(KvSetting.STOP_PATIENCE);
      await(node.handOver(patience), 2 * patience + 1_000);
    }
    shutDown(true);
  }

  /** Stops at once, as if the process had died: nobody is told, nothing is synced. For tests. */
  public void kill() {
    shutDown(false);
  }

  @Override
  public void close() {
    stop();
  }

  private void shutDown(boolean orderly) {
    if (threads == null) {
      return;
    }
    if (localStores != null) {
      localStores.unregister(node.storeId(), inbox);
    }
    if (door != null) {
      door.close();
    }
    if (node != null) {
      await(node.stop(), 10_000);
    }
    threads.close();
    threads = null;
    if (wal != null) {
      wal.close();
    }
    if (engine != null) {
      if (orderly && !failed.isDone()) {
        engine.syncLog();
      }
      engine.close();
    }
    if (ownCache != null) {
      ownCache.close();
    }
    if (directory != null) {
      directory.close();
    }
  }

  private static void await(CompletableFuture<Void> future, long millis) {
    try {
      future.get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof EngineException
          || failure.getCause() instanceof InvalidConfig) {
        throw (RuntimeException) failure.getCause();
      }
      throw new IllegalStateException(
          "the store cannot join the cluster: " + failure.getCause().getMessage(),
          failure.getCause());
    } catch (TimeoutException late) {
      throw new IllegalStateException("the store had no answer within " + millis + " ms");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the store was starting or stopping");
    }
  }

  private final class Doors implements StoreNode.Doors {
    @Override
    public RaftTransport transport(StoreIdent ident) {
      if (directory != null) {
        directory.settle(ident);
      }
      StoreRuntime runtime = threads.runtime();
      SnapshotPace pace =
          new SnapshotPace(
              config.number(KvSetting.SNAPSHOT_RATE),
              config.count(KvSetting.SNAPSHOT_CHUNK),
              runtime.nanos(),
              runtime.background(),
              runtime.timer());
      if (surroundings.local() != null) {
        return new LocalRaftTransport(surroundings.local(), pace);
      }
      return new GrpcRaftTransport(
          new GrpcRaftTransport.Wire(
              ident.getClusterId(),
              ident.getStoreId(),
              KvServer.this::lookUp,
              GrpcDoor::channel,
              runtime.timer(),
              config.count(KvSetting.TRANSPORT_QUEUE),
              config.millis(KvSetting.TRANSPORT_BACKOFF)),
          pace);
    }

    @Override
    public String open(StoreIdent ident, RegionAccess access, RaftInbox toRegions) {
      inbox = toRegions;
      if (surroundings.local() != null) {
        localStores = surroundings.local();
        localStores.register(ident.getStoreId(), toRegions);
      }
      List<BindableService> services =
          new java.util.ArrayList<>(edge.apply(new Seam(ident, access, threads.runtime())));
      StoreRuntime runtime = threads.runtime();
      services.add(
          new StoreTransportService(
              ident.getClusterId(),
              ident.getStoreId(),
              toRegions,
              runtime.background(),
              Patience.of(
                  runtime.timer(),
                  runtime.nanos(),
                  config.number(KvSetting.SNAPSHOT_RATE),
                  config.count(KvSetting.SNAPSHOT_CHUNK),
                  config.count(KvSetting.SNAPSHOT_CONCURRENCY))));
      door = GrpcDoor.open(config.text(KvSetting.LISTEN), services);
      String advertised = config.text(KvSetting.ADVERTISE);
      return advertised.isEmpty() ? door.address() : advertised;
    }
  }

  private CompletableFuture<String> lookUp(long storeId) {
    return pd.store(storeId)
        .thenApply(
            store ->
                store
                    .map(
                        known ->
                            known.getPeerAddress().isEmpty()
                                ? known.getAddress()
                                : known.getPeerAddress())
                    .orElseThrow(() -> new IllegalStateException("there is no store " + storeId)));
  }
}
