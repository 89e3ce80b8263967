package dev.kittiwake.raft.script;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.MembershipChange;
import dev.kittiwake.raft.RaftConfig;
import dev.kittiwake.raft.SnapshotDescriptor;
import dev.kittiwake.raft.cluster.MemoryLog;
import dev.kittiwake.raft.driver.LoopContext;
import dev.kittiwake.raft.driver.RaftDriver;
import dev.kittiwake.raft.driver.Restored;
import dev.kittiwake.raft.driver.StateMachine;
import java.util.List;
import java.util.Optional;

/** One replica of a script. Its state machine applies at once and is durable at once. */
final class ScriptedPeer implements StateMachine {
  final long id;
  private final ScriptedGroup group;
  MemoryLog log = new MemoryLog();
  RaftDriver driver;
  boolean diskHeld;
  private LogPosition applied;
  private Membership membership;

  ScriptedPeer(long id, ScriptedGroup group, Membership membership) {
    this.id = id;
    this.group = group;
    this.membership = membership;
    this.applied = membership.peers().isEmpty() ? LogPosition.ZERO : new LogPosition(1, 1);
  }

  void start() {
    LoopContext context = new LoopContext(Runnable::run, () -> 0L, group.timeouts);
    driver = new RaftDriver(group.config(RaftConfig.of(id)), log, this, group::send, context);
  }

  void crash() {
    driver.close();
    driver = null;
    log = log.crash();
  }

  @Override
  public Restored restored() {
    return new Restored(applied, membership);
  }

  @Override
  public void apply(List<Entry> committed) {
    for (Entry entry : committed) {
      applied = entry.position();
      String effect = "";
      if (entry.kind() == Entry.Kind.MEMBERSHIP) {
        membership = membership.after(MembershipChange.decode(entry.payload()));
        effect = " " + membership;
      }
      group.say(id + " applies " + MessageLine.entry(entry) + effect);
    }
    driver.applied(applied.index());
  }

  @Override
  public void install(SnapshotDescriptor snapshot) {
    group.say(id + " installs " + snapshot);
    group.later(
        () -> {
          applied = snapshot.position();
          membership = snapshot.membership();
          driver.snapshotInstalled(snapshot);
        });
  }

  @Override
  public Optional<SnapshotDescriptor> snapshot() {
    return Optional.of(new SnapshotDescriptor(applied, membership, new byte[0]));
  }

  @Override
  public void onReadReady(long requestId, long index) {
    group.say(id + " may answer read " + requestId + " at " + index);
  }

  @Override
  public void onReadFailed(long requestId) {
    group.say(id + " cannot answer read " + requestId);
  }

  @Override
  public void onLeaderChange(long term, long leader, boolean weLead) {
    group.say(
        id
            + " term "
            + term
            + (weLead
                ? " LEADS"
                : leader == 0 ? " " + driver.status().role() : " follows " + leader));
  }

  @Override
  public void onQuorumContact(long sentAtNanos) {
    group.contact(id);
  }

  @Override
  public void onLeaseRevoked() {
    group.say(id + " gives up its lease");
  }
}
