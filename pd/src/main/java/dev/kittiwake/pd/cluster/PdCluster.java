package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.meta.ChangeConfig;
import dev.kittiwake.pd.meta.ClusterMeta;
import dev.kittiwake.pd.meta.CreateCluster;
import dev.kittiwake.pd.meta.MetaCommand;
import dev.kittiwake.pd.meta.Outcome;
import dev.kittiwake.pd.meta.PutMember;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.meta.RegionTree;
import dev.kittiwake.pd.peer.PeerOutbox;
import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.pd.replica.LeadershipListener;
import dev.kittiwake.pd.replica.NotLeaderException;
import dev.kittiwake.pd.replica.PdReplica;
import dev.kittiwake.pd.replica.PdStorage;
import dev.kittiwake.pd.schedule.ScheduleConfig;
import dev.kittiwake.pd.tso.TimestampOracle;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.PeerEnvelope;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.driver.LoopContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
   * @param identity who this member is
   * @param member name and addresses of this member
   * @param founders the first members, for a group that is new
   * @param configured settings from the configuration file, under their full names
   * @param leaseMillis how long a leader may serve without hearing from a majority
   * @param diskPatienceMillis how long a leader may serve without an answer of its disk, if others
   *     could lead
   */
  public record Options(
      Identity identity,
      MemberRecord member,
      List<MemberRecord> founders,
      PdReplica.Options replica,
      Map<String, String> configured,
      int idBlock,
      long timestampWindowMillis,
      long timestampStepMillis,
      long maxClockJumpMillis,
      long raftTickMillis,
      long patrolMillis,
      long leaseMillis,
      long diskPatienceMillis) {}

  private final Options options;
  private final PdRuntime runtime;
  private final PdReplica replica;
  private final TimestampOracle oracle;
  private final TimestampService timestamps;
  private final IdAllocator ids;
  private final RegionTree tree = new RegionTree();
  private final StoreTable storeTable = new StoreTable();
  private final RegionStreams streams = new RegionStreams();
  private final PeerGate gate;
  private final Roster roster;
  private final Members members;
  private final LeadLease lease;
  private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
  private final Placement placement;
  private final SettingsChanges settingsChanges;
  private final GcKeeper gc;
  private final RegionReports reports;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private Map<String, String> changedSettings = Map.of(); // what `effective` was made from
  private Map<String, String> effective; // null until first asked for
  private boolean closed;
  private volatile boolean serves; // leads, with a cluster id and timestamps

  public PdCluster(Options options, PdStorage storage, PeerOutbox outbox, PdRuntime runtime) {
    this.options = options;
    this.runtime = runtime;
    LoopContext context = new LoopContext(runtime.loop(), runtime.nanos(), runtime.random());
    this.replica = new PdReplica(options.replica(), storage, this::send, context, new Leadership());
    this.gate =
        new PeerGate(
            options.identity(),
            options.founders(),
            new PeerGate.Inside(
                options.member(),
                runtime.nanos(),
                replica::meta,
                replica::step,
                (peer, ok) -> runtime.loop().execute(() -> replica.snapshotSent(peer, ok)),
                this::expel),
            outbox);
    this.roster = new Roster(replica, gate);
    this.members = new Members(options, replica, gate, runtime.nanos());
    this.oracle =
        new TimestampOracle(
            options.timestampWindowMillis(), options.maxClockJumpMillis(), runtime.nanos());
    this.lease =
        new LeadLease(
            options.leaseMillis(), options.diskPatienceMillis(), replica, oracle, runtime.nanos());
    this.timestamps = new TimestampService(oracle, replica, runtime.loop(), runtime.clock());
    this.ids = new IdAllocator(options.idBlock(), replica::propose);
    this.placement = new Placement(this);
    this.settingsChanges = new SettingsChanges(this);
    this.gc = new GcKeeper(this);
    this.reports = new RegionReports(this);
  }

  /** Starts to tick. Any thread. */
  public void start() {
    runtime.loop().execute(replica::start);
    runtime.loop().execute(members::replaceUrls);
    every(options.raftTickMillis(), this::tick);
    every(options.timestampStepMillis(), timestamps::update);
    every(2 * options.leaseMillis(), members::wonder);
    every(
        options.patrolMillis(),
        () -> {
          if (serves()) {
            placement.tick();
            gc.tick();
            roster.tick();
          }
        });
  }

  private void send(Message message) {
    gate.send(message);
  }

  /** An envelope of another member has arrived. */
  public void receive(PeerEnvelope envelope) {
    if (!closed) {
      gate.receive(envelope);
      becomeReady();
    }
  }

  private void expel(String reason) {
    log.error("event=expelled the member stops: {}", reason);
    close();
    ended.complete(new NotLeaderException(0, reason));
  }

  /** Completed with the reason if the group does not take this member any more, or it is broken. */
  public CompletableFuture<Throwable> ended() {
    return ended;
  }

  public Members members() {
    return members;
  }

  public PeerGate gate() {
    return gate;
  }

  private void tick() {
    replica.tick();
    lease.tick();
  }

  /** A follower is ready when it knows the cluster, and who leads. */
  private void becomeReady() {
    if (!ready.isDone() && meta().clusterId() != 0 && replica.leader() != 0 && !leads()) {
      ready.complete(null);
    }
  }

  private boolean leads() {
    return replica.leader() == self().getId();
  }

  private void every(long millis, Runnable task) {
    runtime
        .loop()
        .schedule(
            () -> {
              if (!closed) {
                guarded(task);
                every(millis, task);
              }
            },
            millis,
            TimeUnit.MILLISECONDS);
  }

  /**
   * A task that fails broke a promise of the code. The loop of an embedded or simulated cluster
   * would drop the exception, and with it the task for ever.
   */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | AssertionError failure) {
      giveUp(failure);
    }
  }

  /** Stops this member: its state can no longer be trusted. On the loop. */
  public void giveUp(Throwable cause) {
    if (ended.isDone()) {
      return;
    }
    log.error("event=broken the member stops: its state can no longer be trusted", cause);
    close();
    ended.complete(cause);
  }

  public void close() {
    closed = true;
    stopServing(new NotLeaderException(0, "this member is stopping"));
    replica.close();
  }

  /** Completed when this member serves for the first time, or follows one that may. */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  /** Whether this member answers requests for the leader: it leads, and nobody else can. */
  public boolean serves() {
    return serves && oracle.holdsLease();
  }

  /** As {@link #serves}. Any thread. */
  public boolean isServing() {
    return serves && oracle.holdsLease();
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

  public GcKeeper gc() {
    return gc;
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

  /** The wall clock of this machine, right or wrong. */
  public long nowMillis() {
    return runtime.clock().millis();
  }

  /**
   * The wall clock as far as timestamps follow it, for everything about safe points: a clock that
   * has jumped ahead neither moves them nor ends barriers. On the loop of a leader.
   */
  public long believedMillis() {
    return Math.min(nowMillis(), oracle.physicalMillis());
  }

  /** Elapsed time in milliseconds, never back. */
  public long elapsedMillis() {
    return runtime.nanos().getAsLong() / 1_000_000;
  }

  /** The settings that hold now. */
  public Map<String, String> settings() {
    if (effective == null || !meta().config().equals(changedSettings)) {
      changedSettings = new TreeMap<>(meta().config());
      effective = Settings.effective(options.configured(), changedSettings);
    }
    return effective;
  }

  /** The settings that would hold after these changes. */
  Map<String, String> settingsAfter(Map<String, String> changes) {
    TreeMap<String, String> changed = new TreeMap<>(meta().config());
    new ChangeConfig(changes).mergeInto(changed);
    return Settings.effective(options.configured(), changed);
  }

  public SettingsChanges settingsChanges() {
    return settingsChanges;
  }

  public ScheduleConfig scheduleConfig() {
    return placement.coordinator().cluster().config();
  }

  /**
   * The regions that were persisted, as a new leader knows them before their leaders report; the
   * oldest first, as they replaced each other.
   */
  public void loadRegions() {
    tree.clear();
    meta().regions().stream()
        .map(RegionRecord::of)
        .sorted(Comparator.comparingLong(RegionRecord::version))
        .forEach(tree::offer);
  }

  private void stopServing(Throwable cause) {
    serves = false;
    timestamps.follow(cause);
    ids.reset(cause);
    settingsChanges.clear(cause);
    placement.clear();
    gc.clear();
    streams.closeAll(cause);
    tree.clear();
  }

  private final class Leadership implements LeadershipListener {
    @Override
    public void onLead(long term) {
      loadRegions();
      storeTable.clear(runtime.nanos().getAsLong());
      lease.begin();
      prepareToServe(term);
    }

    private void prepareToServe(long term) {
      prepare().whenComplete((done, failure) -> serve(term, failure));
    }

    private CompletableFuture<Void> prepare() {
      CompletableFuture<Void> first = CompletableFuture.completedFuture(null);
      if (meta().clusterId() == 0) {
        long seconds = runtime.clock().millis() / 1000;
        long id = (seconds << 32) | (runtime.random().nextInt() & 0xFFFF_FFFFL);
        first =
            replica.propose(new CreateCluster(id, options.founders())).thenAccept(outcome -> {});
      }
      for (MemberRecord member : unwritten()) {
        CompletableFuture<Outcome> told = replica.propose(new PutMember(member));
        first = first.thenCombine(told, (none, outcome) -> null);
      }
      return first.thenCombine(timestamps.lead(), (none, serving) -> null);
    }

    /**
     * Who is not written down as it is: we, and whoever voted for us. Nothing is served before, so
     * that no promise counts of a member that could come back without its data unnoticed.
     */
    private List<MemberRecord> unwritten() {
      List<MemberRecord> unwritten = new ArrayList<>(roster.news(members.known()));
      Optional<MemberRecord> known = meta().member(self().getId());
      if (known.isEmpty() || !Roster.same(self(), known.get())) {
        unwritten.add(self());
      }
      return unwritten;
    }

    private void serve(long term, Throwable failure) {
      if (closed || !replica.leads() || replica.leadTerm() != term) {
        return;
      }
      if (failure != null) {
        log.info("event=lead_failed term={} reason={} tried again", term, failure.toString());
        runtime
            .loop()
            .schedule(
                () -> {
                  if (!closed && replica.leads() && replica.leadTerm() == term && !serves) {
                    prepareToServe(term);
                  }
                },
                options.raftTickMillis(),
                TimeUnit.MILLISECONDS);
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
      lease.end();
      stopServing(new NotLeaderException(leader, ""));
      members.onFollow();
    }

    @Override
    public void onMembership(Membership membership) {
      members.replaceUrls();
      lease.renew();
      becomeReady();
    }

    @Override
    public void onNews() {
      members.refresh();
      timestamps.observe();
    }

    @Override
    public void onQuorumContact(long sentAtNanos) {
      lease.onContact(sentAtNanos);
    }

    @Override
    public void onLeaseRevoked() {
      lease.revoke();
    }
  }
}
