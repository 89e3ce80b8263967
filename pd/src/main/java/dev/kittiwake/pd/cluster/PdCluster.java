package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.meta.ClusterMeta;
import dev.kittiwake.pd.meta.CreateCluster;
import dev.kittiwake.pd.meta.MetaCommand;
import dev.kittiwake.pd.meta.Outcome;
import dev.kittiwake.pd.meta.PutMember;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.meta.RegionTree;
import dev.kittiwake.pd.replica.LeadershipListener;
import dev.kittiwake.pd.replica.NotLeaderException;
import dev.kittiwake.pd.replica.PdReplica;
import dev.kittiwake.pd.replica.PdStorage;
import dev.kittiwake.pd.schedule.ScheduleConfig;
import dev.kittiwake.pd.tso.TimestampOracle;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.raft.driver.LoopContext;
import dev.kittiwake.raft.driver.Outbox;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member at work. Everything is called on its loop, except {@link #timestamps()} and what says
 * so.
 */
public final class PdCluster {
  private static final Logger log = LoggerFactory.getLogger(PdCluster.class);

  /**
   * @param member name and addresses of this member
   * @param configured settings from the configuration file, under their full names
   * @param leaseMillis how long a leader may serve without hearing from a majority
   */
  public record Options(
      MemberRecord member,
      PdReplica.Options replica,
      Map<String, String> configured,
      int idBlock,
      long timestampWindowMillis,
      long timestampStepMillis,
      long raftTickMillis,
      long patrolMillis,
      long leaseMillis) {}

  private final Options options;
  private final PdRuntime runtime;
  private final PdReplica replica;
  private final TimestampOracle oracle;
  private final TimestampService timestamps;
  private final IdAllocator ids;
  private final RegionTree tree = new RegionTree();
  private final StoreTable storeTable = new StoreTable();
  private final RegionStreams streams = new RegionStreams();
  private final Placement placement;
  private final RegionReports reports;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private boolean closed;
  private boolean serves; // leads, with a cluster id and timestamps

  public PdCluster(Options options, PdStorage storage, Outbox outbox, PdRuntime runtime) {
    this.options = options;
    this.runtime = runtime;
    LoopContext context = new LoopContext(runtime.loop(), runtime.nanos(), runtime.random());
    this.replica = new PdReplica(options.replica(), storage, outbox, context, new Leadership());
    this.oracle = new TimestampOracle(options.timestampWindowMillis(), runtime.nanos());
    this.timestamps = new TimestampService(oracle, replica, runtime.loop(), runtime.clock());
    this.ids = new IdAllocator(options.idBlock(), replica::propose);
    this.placement = new Placement(this);
    this.reports = new RegionReports(this);
  }

  /** Starts to tick. Any thread. */
  public void start() {
    runtime.loop().execute(replica::start);
    every(options.raftTickMillis(), replica::tick);
    every(options.timestampStepMillis(), timestamps::update);
    every(
        options.patrolMillis(),
        () -> {
          if (serves) {
            placement.tick();
          }
        });
  }

  private void every(long millis, Runnable task) {
    runtime
        .loop()
        .schedule(
            () -> {
              if (!closed) {
                task.run();
                every(millis, task);
              }
            },
            millis,
            TimeUnit.MILLISECONDS);
  }

  public void close() {
    closed = true;
    stopServing(new NotLeaderException(0, "this member is stopping"));
    replica.close();
  }

  /** Completed when this member serves for the first time. */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  /** Whether this member answers requests for the leader. */
  public boolean serves() {
    return serves;
  }

  public MemberRecord self() {
    return options.member();
  }

  public PdReplica replica() {
    return replica;
  }

  public ClusterMeta meta() {
    return replica.meta();
  }

  public RegionTree tree() {
    return tree;
  }

  public StoreTable storeTable() {
    return storeTable;
  }

  public RegionStreams streams() {
    return streams;
  }

  public Placement placement() {
    return placement;
  }

  public RegionReports reports() {
    return reports;
  }

  /** Any thread. */
  public TimestampService timestamps() {
    return timestamps;
  }

  public PdRuntime runtime() {
    return runtime;
  }

  IdAllocator idAllocator() {
    return ids;
  }

  /** Takes {@code count} consecutive ids; the answer is the last of them. */
  public CompletableFuture<Long> allocateIds(int count) {
    return ids.allocate(count);
  }

  public CompletableFuture<Outcome> propose(MetaCommand command) {
    return replica.propose(command);
  }

  public long nowMillis() {
    return runtime.clock().millis();
  }

  /** Elapsed time in milliseconds, never back. */
  public long elapsedMillis() {
    return runtime.nanos().getAsLong() / 1_000_000;
  }

  /** The settings that hold now. */
  public Map<String, String> settings() {
    return Settings.effective(options.configured(), meta().config());
  }

  public ScheduleConfig scheduleConfig() {
    return Settings.scheduleConfig(settings());
  }

  /** The regions that were persisted, as a new leader knows them before their leaders report. */
  public void loadRegions() {
    tree.clear();
    meta().regions().forEach(region -> tree.offer(RegionRecord.of(region)));
  }

  private void stopServing(Throwable cause) {
    serves = false;
    timestamps.follow(cause);
    ids.reset(cause);
    placement.clear();
    streams.closeAll(cause);
    tree.clear();
  }

  private final class Leadership implements LeadershipListener {
    @Override
    public void onLead(long term) {
      loadRegions();
      storeTable.clear(runtime.nanos().getAsLong());
      if (replica.isSingle()) {
        oracle.noLease();
      }
      prepare().whenComplete((done, failure) -> serve(term, failure));
    }

    private CompletableFuture<Void> prepare() {
      CompletableFuture<Void> first = CompletableFuture.completedFuture(null);
      if (meta().clusterId() == 0) {
        long seconds = runtime.clock().millis() / 1000;
        long id = (seconds << 32) | (runtime.random().nextInt() & 0xFFFF_FFFFL);
        first = replica.propose(new CreateCluster(id)).thenAccept(outcome -> {});
      }
      if (!meta().members().contains(self())) {
        CompletableFuture<Outcome> known = replica.propose(new PutMember(self()));
        first = first.thenCombine(known, (none, outcome) -> null);
      }
      return first.thenCombine(timestamps.lead(), (none, serving) -> null);
    }

    private void serve(long term, Throwable failure) {
      if (failure != null) {
        log.info("event=lead_failed term={} reason={}", term, failure.toString());
        return;
      }
      if (closed || !replica.leads()) {
        return;
      }
      serves = true;
      log.info(
          "event=lead term={} cluster={} member={}",
          term,
          Long.toUnsignedString(meta().clusterId()),
          self().getName());
      ready.complete(null);
    }

    @Override
    public void onFollow(long leader) {
      stopServing(new NotLeaderException(leader, ""));
    }

    @Override
    public void onQuorumContact(long sentAtNanos) {
      if (replica.isSingle()) {
        oracle.noLease();
      } else {
        oracle.lease(sentAtNanos + options.leaseMillis() * 1_000_000);
      }
    }

    @Override
    public void onLeaseRevoked() {
      oracle.lease(runtime.nanos().getAsLong());
    }
  }
}
