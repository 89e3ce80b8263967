package dev.kittiwake.pd.replica;

import dev.kittiwake.pd.meta.ClusterMeta;
import dev.kittiwake.pd.meta.MetaCommand;
import dev.kittiwake.pd.meta.Outcome;
import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.MembershipChange;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.Proposal;
import dev.kittiwake.raft.RaftConfig;
import dev.kittiwake.raft.SnapshotDescriptor;
import dev.kittiwake.raft.Status;
import dev.kittiwake.raft.driver.LoopContext;
import dev.kittiwake.raft.driver.Outbox;
import dev.kittiwake.raft.driver.RaftDriver;
import dev.kittiwake.raft.driver.Restored;
import dev.kittiwake.raft.driver.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One member's replica of the placement driver's state. Confined to its loop.
 *
 * <p>The state lives in memory: it is the last snapshot plus the log behind it. Every {@code
 * snapshotEntries} entries the state is saved and the log before it is dropped.
 */
public final class PdReplica {
  /**
   * @param voters the first members, the same on all of them; none for one that joins later.
   *     Without effect once there is state
   * @param eager campaigns at once if the group is new, instead of after an election timeout
   * @param snapshotEntries entries between two snapshots
   */
  public record Options(RaftConfig raft, Membership voters, boolean eager, long snapshotEntries) {}

  /** Where every new group starts, on all its first members. */
  private static final LogPosition BIRTH = new LogPosition(1, 1);

  private final Options options;
  private final PdStorage storage;
  private final Executor loop;
  private final LeadershipListener listener;
  private final RaftDriver driver;
  private final Machine machine;
  private final NavigableMap<Long, Waiting> waiting = new TreeMap<>(); // proposals by index

  private ClusterMeta meta; // the state as of `applied`
  private LogPosition applied;
  private Membership membership; // as of `applied`
  private long snapshotIndex; // of the newest snapshot that was asked to be saved
  private long leadTerm; // the term that we lead in, 0 if we do not
  private boolean leads; // leadTerm != 0 and everything before our term is applied
  private boolean pumpIsDue;
  private final long bornInTerm; // entries of later terms were made since this member started

  private record Waiting(long term, CompletableFuture<Outcome> outcome) {}

  public PdReplica(
      Options options,
      PdStorage storage,
      Outbox outbox,
      LoopContext context,
      LeadershipListener listener) {
    this.options = options;
    this.storage = storage;
    this.loop = context.loop();
    this.listener = listener;
    Optional<SnapshotDescriptor> saved = storage.snapshot();
    this.meta =
        saved.map(snapshot -> ClusterMeta.decode(snapshot.data())).orElseGet(ClusterMeta::new);
    LogPosition birth = options.voters().peers().isEmpty() ? LogPosition.ZERO : BIRTH;
    this.applied = saved.map(SnapshotDescriptor::position).orElse(birth);
    this.membership = saved.map(SnapshotDescriptor::membership).orElse(options.voters());
    this.snapshotIndex = applied.index();
    this.bornInTerm = storage.log().hardState().term();
    this.machine = new Machine();
    this.driver = new RaftDriver(options.raft(), storage.log(), machine, outbox, context);
  }

  /** A single member elects itself at once instead of after an election timeout. */
  public void start() {
    boolean isNew = storage.log().hardState().equals(HardState.NONE);
    if (isSingle() || (options.eager() && isNew)) {
      driver.campaign();
    }
    pumpSoon();
  }

  public void tick() {
    driver.tick();
    pumpSoon();
  }

  public void step(Message message) {
    driver.step(message);
    pumpSoon();
  }

  /** A snapshot has arrived at {@code peer}, or has not. */
  public void snapshotSent(long peer, boolean ok) {
    driver.snapshotSent(peer, ok);
    pumpSoon();
  }

  /** Hands the leadership to a voter; without effect if this member does not lead. */
  public void transferLeadership(long peer) {
    if (driver.isLeader()) {
      driver.transferLeadership(peer);
      pumpSoon();
    }
  }

  /**
   * Appends a membership change if this member leads and no other one is under way.
   *
   * @return why not; empty if it was appended
   */
  public Optional<String> changeMembership(MembershipChange change) {
    Proposal proposal = driver.proposeMembership(change);
    pumpSoon();
    return proposal instanceof Proposal.Refused refused
        ? Optional.of(refused.detail())
        : Optional.empty();
  }

  /**
   * Writes what is there already to the log's disk once more.
   *
   * @param durable run on the loop once it is durable, behind everything written before
   */
  public void probeDisk(Runnable durable) {
    storage.log().append(storage.log().hardState(), List.of(), () -> loop.execute(durable));
  }

  /** Many inputs of one loop round share one pump. */
  private void pumpSoon() {
    if (!pumpIsDue) {
      pumpIsDue = true;
      loop.execute(
          () -> {
            pumpIsDue = false;
            driver.pump();
          });
    }
  }

  /**
   * Replicates a command; the outcome is known once it is applied here.
   *
   * @return fails with {@link NotLeaderException} if this member does not lead, or no longer knows
   *     whether the command will be applied; with IllegalArgumentException if no member could read
   *     or should apply it
   */
  public CompletableFuture<Outcome> propose(MetaCommand command) {
    byte[] bytes;
    try {
      bytes = command.encodeToPropose();
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
    Proposal proposal = driver.propose(bytes);
    if (proposal instanceof Proposal.Refused) {
      Proposal.Refused refused = (Proposal.Refused) proposal;
      return CompletableFuture.failedFuture(
          new NotLeaderException(
              refused.leader(),
              refused.reason() == Proposal.Reason.NOT_LEADER ? "" : refused.detail()));
    }
    Proposal.Accepted accepted = (Proposal.Accepted) proposal;
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    waiting.put(accepted.index(), new Waiting(accepted.term(), outcome));
    pumpSoon();
    return outcome;
  }

  /** The state; complete only while {@link #leads}. */
  public ClusterMeta meta() {
    return meta;
  }

  /** Whether this member leads and knows everything that earlier leaders decided. */
  public boolean leads() {
    return leads;
  }

  /** Whether no other member could take the lead. */
  public boolean isSingle() {
    Membership now = driver.membership();
    return now.voters().size() == 1
        && now.outgoing().isEmpty()
        && now.voters().contains(options.raft().id());
  }

  /** Who belongs to the group, as of the last committed change. */
  public Membership membership() {
    return driver.membership();
  }

  /** The term that this member leads in, complete or not; 0 if it does not lead. */
  public long leadTerm() {
    return leadTerm;
  }

  /** The leader as far as known, or 0. */
  public long leader() {
    return driver.leader();
  }

  public Status status() {
    return driver.status();
  }

  /** Stops; proposals that are under way fail. */
  public void close() {
    driver.close();
    failWaiting("this member is stopping");
  }

  private void failWaiting(String detail) {
    List<Waiting> lost = new ArrayList<>(waiting.values());
    waiting.clear();
    lost.forEach(
        each ->
            each.outcome().completeExceptionally(new NotLeaderException(driver.leader(), detail)));
  }

  private SnapshotDescriptor describe() {
    return new SnapshotDescriptor(applied, membership, meta.encode());
  }

  /** Members that lag a little are fed from the log: some of it is kept for them. */
  private void saveSnapshotIfDue() {
    if (applied.index() - snapshotIndex < options.snapshotEntries()) {
      return;
    }
    long index = applied.index();
    snapshotIndex = index;
    long keepFrom = isSingle() ? index : index - options.snapshotEntries() / 2;
    storage.saveSnapshot(describe(), () -> loop.execute(() -> driver.compact(keepFrom)));
  }

  /** What raft drives. */
  private final class Machine implements StateMachine {
    private boolean changedMembership; // by the entries at hand

    @Override
    public Restored restored() {
      return new Restored(applied, membership);
    }

    @Override
    public void apply(List<Entry> committed) {
      for (Entry entry : committed) {
        apply(entry);
      }
      driver.applied(applied.index());
      if (changedMembership) {
        changedMembership = false;
        listener.onMembership(membership);
      }
      boolean complete = !leads && leadTerm != 0 && applied.term() == leadTerm;
      if (complete) {
        leads = true;
        listener.onLead(leadTerm);
      }
      saveSnapshotIfDue();
    }

    private void apply(Entry entry) {
      Outcome outcome = new Outcome.Done(0);
      if (entry.kind() == Entry.Kind.COMMAND) {
        outcome = meta.apply(entry.payload());
        if (entry.term() > bornInTerm) {
          listener.onNews();
        }
      } else if (entry.kind() == Entry.Kind.MEMBERSHIP) {
        membership = membership.after(MembershipChange.decode(entry.payload()));
        changedMembership = true;
      }
      applied = entry.position();
      Waiting proposal = waiting.remove(entry.index());
      if (proposal == null) {
        return;
      }
      if (proposal.term() == entry.term()) {
        proposal.outcome().complete(outcome);
      } else {
        proposal
            .outcome()
            .completeExceptionally(new NotLeaderException(driver.leader(), "overtaken"));
      }
    }

    @Override
    public void install(SnapshotDescriptor snapshot) {
      storage.saveSnapshot(
          snapshot,
          () ->
              loop.execute(
                  () -> {
                    meta = ClusterMeta.decode(snapshot.data());
                    applied = snapshot.position();
                    membership = snapshot.membership();
                    snapshotIndex = applied.index();
                    driver.snapshotInstalled(snapshot);
                    driver.pump();
                    listener.onMembership(membership);
                  }));
    }

    @Override
    public Optional<SnapshotDescriptor> snapshot() {
      return Optional.of(describe());
    }

    /** Reads are served by the leader under its lease; none is asked for. */
    @Override
    public void onReadReady(long requestId, long index) {
      throw new IllegalStateException("a read that nobody asked for: " + requestId);
    }

    @Override
    public void onReadFailed(long requestId) {
      throw new IllegalStateException("a read that nobody asked for: " + requestId);
    }

    @Override
    public void onLeaderChange(long term, long leader, boolean weLead) {
      if (weLead && leadTerm == term) {
        return;
      }
      leadTerm = weLead ? term : 0;
      if (leads || !weLead) {
        leads = false;
        failWaiting("the leadership changed");
        listener.onFollow(leader);
      }
    }

    @Override
    public void onQuorumContact(long sentAtNanos) {
      listener.onQuorumContact(sentAtNanos);
    }

    @Override
    public void onLeaseRevoked() {
      listener.onLeaseRevoked();
    }
  }
}
