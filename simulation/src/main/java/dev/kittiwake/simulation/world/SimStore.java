package dev.kittiwake.simulation.world;

import dev.kittiwake.client.Await;
import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.pd.EndpointPdClient;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.region.RegionRouter;
import dev.kittiwake.client.txn.PercolatorClient;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.RequestSide;
import dev.kittiwake.kv.StoreNode;
import dev.kittiwake.kv.StoreRuntime;
import dev.kittiwake.kv.background.StoreHeartbeat;
import dev.kittiwake.kv.gc.GcLeader;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.transport.RaftInbox;
import dev.kittiwake.kv.transport.RaftTransport;
import dev.kittiwake.proto.detector.ReportRequest;
import dev.kittiwake.proto.detector.ReportResponse;
import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.store.StoreIdent;
import dev.kittiwake.raft.wal.Wal;
import dev.kittiwake.raft.wal.WalConfig;
import dev.kittiwake.simulation.disk.SimDisk;
import dev.kittiwake.simulation.network.SimKvRpc;
import dev.kittiwake.simulation.network.SimRaftTransport;
import dev.kittiwake.simulation.time.Lane;
import dev.kittiwake.simulation.time.Machine;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** A store on a machine of its own, with the disk that outlives it. */
public final class SimStore implements SimKvRpc.Served, SimRaftTransport.Peer {
  private final World world;
  private final Machine machine;
  private final SimDisk disk;
  private Life running; // null while the machine is off
  private long storeId; // 0 until it has joined for the first time
  private Throwable died; // why the last life ended by itself; null if it did not
  private boolean collected; // in an earlier life

  SimStore(World world, Machine machine) {
    this.world = world;
    this.machine = machine;
    this.disk = new SimDisk(machine.split());
  }

  @Override
  public Machine machine() {
    return machine;
  }

  public SimDisk disk() {
    return disk;
  }

  /** Its id in the cluster; 0 until it has joined for the first time. */
  public long id() {
    return storeId;
  }

  public String address() {
    return machine.name();
  }

  /** Why the last life ended by itself, e.g. an error of the disk; null if it did not. */
  public Throwable died() {
    return died;
  }

  /** The production store; null while it does not run. */
  public StoreNode node() {
    return running == null ? null : running.node;
  }

  /** The door to its regions; null while it does not serve. */
  public RegionAccess access() {
    return running == null || running.access == null ? null : running.access;
  }

  /** Whether it has ever collected garbage, or may have. */
  public boolean hasCollected() {
    return collected || access() != null && access().gcSafePoint() != 0;
  }

  /** The log of this life; null while it does not run. */
  public Wal wal() {
    return running == null ? null : running.wal;
  }

  @Override
  public KvEndpoint endpoint() {
    return running == null || running.side == null ? null : running.side.api();
  }

  @Override
  public RaftInbox inbox() {
    return running == null ? null : running.inbox;
  }

  @Override
  public Executor background() {
    return running.background;
  }

  /** What production hears when a stream from another store breaks. */
  void connectionLost(long storeId) {
    if (running != null && running.inbox != null) {
      running.inbox.connectionLost(storeId);
    }
  }

  CompletableFuture<ReportResponse> report(ReportRequest request) {
    return running == null || running.side == null
        ? null
        : CompletableFuture.completedFuture(running.side.detector().report(request));
  }

  /** Switches it on; the future completes once it serves. It may die before. */
  public CompletableFuture<Void> start() {
    machine.boot();
    disk.boot();
    died = null;
    Life life = new Life();
    running = life;
    machine.onHalt(
        () -> {
          collected = hasCollected();
          running = null;
        });
    try {
      CompletableFuture<Void> started = life.start();
      started.whenComplete(
          (done, failure) -> {
            if (failure != null && running == life) {
              couldNotStart(Await.unwrap(failure));
            }
          });
      return started;
    } catch (IOException unreadable) {
      dies(unreadable);
      return CompletableFuture.failedFuture(unreadable);
    }
  }

  /** Ends the process between two events, as kill -9 does. */
  public void kill() {
    machine.halt();
    world.calls().ended(machine, false);
    world.connectionsLost(this, false);
  }

  /** Ends the process, and takes what was not synced. */
  public void cutPower() {
    machine.halt();
    disk.losePower();
    world.calls().ended(machine, true);
    world.connectionsLost(this, true);
  }

  /** The store cannot go on: its process ends a moment later, as production's does. */
  private void dies(Throwable why) {
    if (died == null && machine.isRunning()) { // else the crash itself is what it complains of
      died = why;
      world.storeDied(this, why);
      machine.later(1_000_000, "exit", this::kill);
    }
  }

  /** As production's process does: it says why, and ends; whoever watches over it tries again. */
  private void couldNotStart(Throwable why) {
    died = why;
    world.storeCouldNotStart(this, why);
    machine.later(1_000_000, "exit", this::kill);
  }

  /** What exists between start and end. */
  private final class Life implements StoreNode.Doors {
    private final Lane loop = machine.lane("loop");
    private final Lane apply = machine.lane("apply");
    private final Lane writer = machine.lane("log-writer");
    private final Lane background = machine.pool("background");
    private final Lane requests = machine.pool("requests");
    private final ScheduledExecutorService timer = machine.timer("timer");
    private final RandomGenerator random = machine.split();
    private StoreNode node;
    private Wal wal;
    private PdClient pd;
    private RequestSide side;
    private RegionAccess access;
    private RaftInbox inbox;

    CompletableFuture<Void> start() throws IOException {
      KvConfig config = world.options().kv();
      wal =
          Wal.open(
              disk.log(),
              new WalConfig(
                  config.number(KvSetting.WAL_SEGMENT),
                  config.count(KvSetting.WAL_SEGMENTS),
                  2,
                  config.number(KvSetting.WAL_CACHE),
                  64 << 10),
              task -> writer.executeAfter(disk.forceDelay(machine.time().now()), task),
              machine::nanos);
      pd =
          EndpointPdClient.of(
              world.pdEndpoints(machine),
              world.options().client(),
              world.clientRuntime(machine, timer, background, random));
      node =
          new StoreNode(
              config,
              new StoreRuntime(
                  loop, apply, background, timer, machine::nanos, machine.clock(), random),
              disk.engine(),
              wal,
              pd,
              () ->
                  new StoreHeartbeat.Space(
                      SimDisk.CAPACITY,
                      disk.isFull() ? 0 : SimDisk.CAPACITY / 2,
                      SimDisk.CAPACITY / 2),
              SimStore.this::dies);
      return node.start(this);
    }

    @Override
    public RaftTransport transport(StoreIdent ident) {
      storeId = ident.getStoreId();
      return new SimRaftTransport(
          world.network(),
          machine,
          world::storeById,
          background,
          world.options().kv().count(KvSetting.SNAPSHOT_CHUNK));
    }

    @Override
    public String open(StoreIdent ident, RegionAccess opened, RaftInbox door) {
      access = opened;
      inbox = door;
      side =
          new RequestSide(
              opened,
              pd,
              (address, request) -> world.reportDeadlock(machine, address, request),
              new RequestSide.Runtime(timer, loop, requests, requests, machine::nanos),
              world.options().limits());
      leadCollection(opened);
      return address();
    }

    /** A store is a client of the others where it removes their locks. */
    private void leadCollection(RegionAccess opened) {
      ClientRuntime runtime = world.clientRuntime(machine, timer, background, machine.split());
      ClientConfig client = world.options().client();
      SimKvRpc rpc =
          new SimKvRpc(world.calls(), machine, world::storeAt, client.requestTimeout().toNanos());
      RegionRouter router = new RegionRouter(pd, rpc, runtime);
      GcLeader leader =
          new GcLeader(pd, new PercolatorClient(router, pd, client, runtime)::sweepLocks);
      opened.addListener(leader);
      long pollMillis = world.options().kv().millis(KvSetting.GC_POLL);
      timer.scheduleWithFixedDelay(leader, pollMillis, pollMillis, TimeUnit.MILLISECONDS);
    }
  }
}
