package dev.kittiwake.kv;

import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.kv.background.Bootstrap;
import dev.kittiwake.kv.background.HashRounds;
import dev.kittiwake.kv.background.PdPlacement;
import dev.kittiwake.kv.background.ResolvedTsReport;
import dev.kittiwake.kv.background.StoreHeartbeat;
import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.gc.GcProgress;
import dev.kittiwake.kv.gc.GcTask;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.Store;
import dev.kittiwake.kv.region.StoreParts;
import dev.kittiwake.kv.region.WriteGate;
import dev.kittiwake.kv.transport.RaftInbox;
import dev.kittiwake.kv.transport.RaftTransport;
import dev.kittiwake.proto.metapb.StoreLabel;
import dev.kittiwake.proto.store.StoreIdent;
import dev.kittiwake.raft.wal.Wal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One store without threads of its own: it learns who it is, opens its doors, joins the cluster,
 * and keeps time and contact. {@link KvServer} gives it threads and sockets. Thread-safe; nothing
 * blocks.
 */
public final class StoreNode {
  private static final Logger LOG = LoggerFactory.getLogger(StoreNode.class);

  /** Kept equal to the version of TiKV whose protocol is spoken, for clients that ask. */
  static final String PROTOCOL_VERSION = "8.5.0";

  private final KvConfig config;
  private final StoreRuntime runtime;
  private final Engine engine;
  private final Wal wal;
  private final PdClient pd;
  private final Supplier<StoreHeartbeat.Space> space;
  private final Consumer<Throwable> fatal;
  private final List<ScheduledFuture<?>> timers = new ArrayList<>(); // guarded by this
  private volatile StoreIdent ident;
  private volatile Store store;
  private volatile PdPlacement placement;
  private volatile RaftTransport transport;
  private volatile GcTask gc;
  private volatile boolean stopped;

  /** How the store is reached, and reaches others, once it knows who it is. */
  public interface Doors {
    /** The way to other stores. */
    RaftTransport transport(StoreIdent ident);

    /** Opens the doors of this store; answers the address to be told to others. */
    String open(StoreIdent ident, RegionAccess access, RaftInbox inbox);
  }

  /**
   * @param space the disk of the data directory
   * @param fatal told once if the store cannot go on; it must be stopped then
   */
  public StoreNode(
      KvConfig config,
      StoreRuntime runtime,
      Engine engine,
      Wal wal,
      PdClient pd,
      Supplier<StoreHeartbeat.Space> space,
      Consumer<Throwable> fatal) {
    this.config = config;
    this.runtime = runtime;
    this.engine = engine;
    this.wal = wal;
    this.pd = pd;
    this.space = space;
    this.fatal = fatal;
  }

  /** Completes once the store serves; fails with a message for the user. */
  public CompletableFuture<Void> start(Doors doors) {
    wal.failed().thenAccept(this::fail);
    engine.failed().thenAccept(this::fail);
    String data = config.text(KvSetting.DATA);
    String where = data.isEmpty() ? "the memory store" : "data directory " + data;
    Bootstrap bootstrap = new Bootstrap(pd, engine, where);
    return bootstrap
        .identity()
        .thenComposeAsync(
            who -> {
              ident = who;
              build(doors.transport(who));
              String address = doors.open(who, store.access(), store.inbox());
              return bootstrap.join(who, describe(who, address));
            },
            runtime.background())
        .thenRunAsync(this::run, runtime.background());
  }

  private void build(RaftTransport way) {
    transport = way;
    placement =
        new PdPlacement(
            pd,
            runtime.background(),
            runtime.timer(),
            runtime.clock(),
            config.millis(KvSetting.RAFT_TICK),
            config.millis(KvSetting.TRANSPORT_BACKOFF));
    store =
        new Store(
            new StoreParts(
                ident.getClusterId(),
                ident.getStoreId(),
                engine,
                wal,
                transport,
                placement,
                config.store(),
                runtime.loop(),
                runtime.apply(),
                runtime.background(),
                runtime.nanos(),
                runtime.random(),
                this::fail));
  }

  /** Nothing is served, promised or acknowledged from now on; the owner ends the rest. */
  void fail(Throwable cause) {
    Store running = store;
    if (running != null) {
      running.halt();
    }
    fatal.accept(cause);
  }

  private dev.kittiwake.proto.metapb.Store describe(StoreIdent who, String address) {
    dev.kittiwake.proto.metapb.Store.Builder described =
        dev.kittiwake.proto.metapb.Store.newBuilder()
            .setId(who.getStoreId())
            .setAddress(address)
            .setPeerAddress(address)
            .setStatusAddress(config.text(KvSetting.STATUS))
            .setVersion(PROTOCOL_VERSION)
            .setStartTimestamp(runtime.clock().instant().getEpochSecond());
    for (String label : config.text(KvSetting.LABELS).split(",")) {
      int equals = label.indexOf('=');
      if (equals > 0) {
        described.addLabels(
            StoreLabel.newBuilder()
                .setKey(label.substring(0, equals).trim())
                .setValue(label.substring(equals + 1).trim()));
      }
    }
    return described.build();
  }

  private void run() {
    try {
      wal.secure();
    } catch (IOException refused) {
      throw new EngineException("cannot write to the raft log: " + refused.getMessage(), refused);
    }
    store.start();
    placement.start(store::onPlacementStep, store::reportRegions);
    StoreHeartbeat heartbeat =
        new StoreHeartbeat(
            ident.getStoreId(),
            pd,
            runtime.clock(),
            store.access()::regions,
            space,
            store::snapshotsUnderWay,
            store.access()::slowScore);
    gc =
        new GcTask(
            store.access(),
            pd,
            runtime,
            new GcTask.Pace(config.number(KvSetting.GC_RATE), config.number(KvSetting.GC_STRETCH)));
    every(config.millis(KvSetting.GC_POLL), gc::poll);
    every(
        config.millis(KvSetting.HEALTH_CHECK),
        () -> runtime.background().execute(() -> unlessStopped(this::lookAfterWrites)));
    every(config.millis(KvSetting.RAFT_TICK), store::tick);
    if (config.millis(KvSetting.RESOLVED_TS_INTERVAL) > 0) {
      every(
          config.millis(KvSetting.RESOLVED_TS_INTERVAL),
          new ResolvedTsReport(ident.getStoreId(), pd, store.access()::resolve));
    }
    if (config.millis(KvSetting.HASH_CHECK_INTERVAL) > 0) {
      every(config.millis(KvSetting.HASH_CHECK_INTERVAL), new HashRounds(store.access()));
    }
    every(
        config.millis(KvSetting.STORE_HEARTBEAT),
        () -> runtime.background().execute(() -> unlessStopped(heartbeat)));
    runtime.background().execute(() -> unlessStopped(heartbeat));
  }

  private void lookAfterWrites() {
    WriteGate gate = store.access().writeGate();
    boolean before = gate.isFull();
    StoreHeartbeat.Space disk = space.get();
    gate.onDisk(disk.capacity(), disk.available(), lowBytes(disk.capacity()));
    gate.onPressure(engine.pressure());
    if (gate.isFull() != before) {
      LOG.warn(
          "store={} event=disk_{} free={} of {}",
          ident.getStoreId(),
          before ? "has_room_again" : "nearly_full",
          disk.available(),
          disk.capacity());
    }
  }

  private long lowBytes(long capacity) {
    return Math.min(config.number(KvSetting.DISK_LOW), capacity / 20);
  }

  private void unlessStopped(Runnable task) {
    if (!stopped) {
      task.run();
    }
  }

  /**
   * With a fixed pause, not at a fixed rate: what a stalled machine has missed is not made up for.
   * A burst of ticks would be an election timeout in which nobody had a chance to speak.
   */
  private synchronized void every(long millis, Runnable task) {
    if (!stopped) {
      timers.add(
          runtime
              .timer()
              .scheduleWithFixedDelay(
                  () -> unlessStopped(task), millis, millis, TimeUnit.MILLISECONDS));
    }
  }

  /**
   * Hands leaderships over as far as others can take them; completes when none is left or {@code
   * patienceMillis} are over.
   */
  public CompletableFuture<Void> handOver(long patienceMillis) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Store running = store;
    if (running == null) {
      done.complete(null);
      return done;
    }
    long deadline = runtime.nanos().getAsLong() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    handOverUntil(running, deadline, done);
    return done;
  }

  private void handOverUntil(Store running, long deadline, CompletableFuture<Void> done) {
    running
        .handOverLeaders()
        .thenAccept(
            left -> {
              if (left == 0 || deadline - runtime.nanos().getAsLong() <= 0) {
                done.complete(null);
                return;
              }
              long pause = Math.max(1, config.millis(KvSetting.RAFT_TICK) / 10);
              runtime
                  .timer()
                  .schedule(
                      () -> handOverUntil(running, deadline, done), pause, TimeUnit.MILLISECONDS);
            });
  }

  /**
   * Stops serving; completes when nothing of this store runs any more. Engine and log stay open.
   */
  public CompletableFuture<Void> stop() {
    synchronized (this) {
      stopped = true;
      timers.forEach(timer -> timer.cancel(false));
      timers.clear();
    }
    if (gc != null) {
      gc.stop();
    }
    if (placement != null) {
      placement.close();
    }
    if (transport != null) {
      transport.close();
    }
    return store == null ? CompletableFuture.completedFuture(null) : store.stop();
  }

  /** The store's id; only once it has begun to serve. */
  public long storeId() {
    return ident.getStoreId();
  }

  public StoreIdent ident() {
    return ident;
  }

  /** How far garbage collection is. */
  public GcProgress gcProgress() {
    GcTask running = gc;
    return running == null ? GcProgress.NONE : running.progress();
  }

  /** The door for requests; only once it has begun to serve. */
  public RegionAccess access() {
    return store.access();
  }

  /** For tests and tools: carries out a step as if the placement driver had sent it. */
  public Store store() {
    return store;
  }
}
