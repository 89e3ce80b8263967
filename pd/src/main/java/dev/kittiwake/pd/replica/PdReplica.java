package dev.kittiwake.pd.replica;

import dev.kittiwake.pd.meta.ClusterMeta;
import dev.kittiwake.pd.meta.MetaCommand;
import dev.kittiwake.pd.meta.Outcome;
import dev.kittiwake.raft.Entry;
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
   * @param voters the first members, the same on all of them; without effect once there is state
   * @param snapshotEntries entries between two snapshots
   */
  public record Options(RaftConfig raft, Membership voters, long snapshotEntries) {}

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
    this.applied = saved.map(SnapshotDescriptor::position).orElse(BIRTH);
    this.membership = saved.map(SnapshotDescriptor::membership).orElse(options.voters());
    this.snapshotIndex = applied.index();
    this.machine = new Machine();
    this.driver = new RaftDriver(options.raft(), storage.log(), machine, outbox, context);
  }

  /** A single member elects itself at once instead of after an election timeout. */
  public void start() {
    if (isSingle()) {
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
   *     whether the command will be applied
   */
  public CompletableFuture<Outcome> propose(MetaCommand command) {
    Proposal proposal = driver.propose(command.encode());
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
    return membership.voters().size() == 1
        && membership.outgoing().isEmpty()
        && membership.voters().contains(options.raft().id());
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

  private void saveSnapshotIfDue() {
    if (applied.index() - snapshotIndex < options.snapshotEntries()) {
      return;
    }
    long index = applied.index();
    snapshotIndex = index;
    storage.saveSnapshot(describe(), () -> loop.execute(() -> driver.compact(index)));
  }

  /** What raft drives. */
  private final class Machine implements StateMachine {
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
      } else if (entry.kind() == Entry.Kind.MEMBERSHIP) {
        membership = membership.after(MembershipChange.decode(entry.payload()));
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
