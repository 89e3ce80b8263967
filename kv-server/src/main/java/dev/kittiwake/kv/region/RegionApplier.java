package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.store.MergeState;
import dev.kittiwake.proto.store.RegionCommand;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.ReplicaPhase;
import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.MembershipChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The applied side of one replica: region, membership and position as of the last applied entry.
 * Confined to the apply thread once the replica runs.
 *
 * <p>Every replica applies the same entries with the same outcome. What cannot be applied in any
 * consistent way stops this replica; it never guesses.
 */
final class RegionApplier {
  private final Consumer<Runnable> loop;
  private final RegionSize size;
  private final LongAdder writtenBytes = new LongAdder();
  private final LongAdder writtenKeys = new LongAdder();
  private final LockWatch locks;
  private final Set<Long> damaged = new TreeSet<>(); // peers with other data than the most
  private Region region;
  private Peer peer;
  private Membership membership;
  private LogPosition applied;
  private Error removed; // nothing is applied any more, and this is told who waits; else null
  private boolean handedOver; // and the data here is another's by now
  private MergeState merge; // the region is about to become part of its neighbour; else null
  private RegionEpoch base; // where this replica began
  private final ArrayDeque<Batch> stalled = new ArrayDeque<>(); // waits for another replica

  /** Committed entries and the proposals among them. */
  private record Batch(List<Entry> entries, Queue<Pending> waiting) {}

  /**
   * @param loop runs a task on the store loop, after which the replica is pumped
   */
  RegionApplier(RegionState state, LogPosition applied, RegionSize size, Consumer<Runnable> loop) {
    this.region = state.getRegion();
    this.locks = new LockWatch(region);
    this.damaged.addAll(state.getDamagedPeersList());
    this.peer = state.getPeer();
    this.membership = RegionRecords.membership(state);
    this.merge = state.hasMerge() ? state.getMerge() : null;
    this.base = state.getBaseEpoch();
    this.applied = applied;
    this.size = size;
    this.loop = loop;
  }

  /** Applies {@code entries}; {@code waiting} are the proposals among them, by index. */
  void apply(ApplyRound round, RegionReplica replica, List<Entry> entries, Queue<Pending> waiting) {
    if (!stalled.isEmpty()) {
      stalled.add(new Batch(entries, waiting));
      return;
    }
    run(round, replica, new Batch(entries, waiting));
  }

  /** Goes on where applying had to wait. */
  void resume(ApplyRound round, RegionReplica replica) {
    List<Batch> batches = new ArrayList<>(stalled);
    stalled.clear();
    for (Batch batch : batches) {
      apply(round, replica, batch.entries(), batch.waiting());
    }
  }

  private void run(ApplyRound round, RegionReplica replica, Batch batch) {
    Queue<Pending> waiting = batch.waiting();
    for (int i = 0; i < batch.entries().size(); i++) {
      Entry entry = batch.entries().get(i);
      if (removed != null) {
        // They were on their way here when the replica ended: nobody else would tell them.
        waiting.forEach(pending -> pending.fail(removed));
        break;
      }
      if (mustWait(replica, entry)) {
        stalled.add(new Batch(batch.entries().subList(i, batch.entries().size()), waiting));
        break;
      }
      if (entry.index() != applied.index() + 1) {
        throw new IllegalStateException(
            "region " + region.getId() + " applied " + applied + ", next comes " + entry);
      }
      Pending pending = take(waiting, entry);
      switch (entry.kind()) {
        case COMMAND -> command(round, replica, entry, pending);
        case MEMBERSHIP ->
            ChangePeers.apply(
                round, replica, this, MembershipChange.decode(entry.payload()), pending);
        case EMPTY -> {
          // Only moves the applied index.
        }
      }
      applied = entry.position();
      round.applied(region.getId(), applied);
    }
    LogPosition reached = applied;
    if (removed == null) {
      locks.reached(reached.index());
      round.afterwards(() -> loop.accept(() -> replica.onApplied(reached)));
    }
  }

  private boolean mustWait(RegionReplica replica, Entry entry) {
    if (entry.kind() != Entry.Kind.COMMAND || entry.payload()[0] != EntryPayload.COMMAND) {
      return false;
    }
    RegionCommand command = EntryPayload.command(entry.payload());
    if (!command.hasCommitMerge()) {
      return false;
    }
    long source = command.getCommitMerge().getSource().getId();
    if (!CommitMerge.mustWait(this, command, replica.store().find(source))) {
      return false;
    }
    loop.accept(() -> replica.merge().onWaiting(command));
    return true;
  }

  private void command(ApplyRound round, RegionReplica replica, Entry entry, Pending pending) {
    byte[] payload = entry.payload();
    if (payload.length > 0 && payload[0] == EntryPayload.WRITES) {
      Write.apply(round, this, payload, (Pending.Writes) pending);
    } else if (payload.length > 0 && payload[0] == EntryPayload.COMMAND) {
      RegionCommand command = EntryPayload.command(payload);
      switch (command.getCommandCase()) {
        case SPLIT -> Split.apply(round, replica, this, command, (Pending.Splitting) pending);
        case COMPACT_LOG -> CompactLog.apply(round, replica, this, command.getCompactLog());
        case PREPARE_MERGE ->
            PrepareMerge.apply(
                round, replica, this, command, entry.position(), (Pending.Command) pending);
        case COMMIT_MERGE -> CommitMerge.apply(round, replica, this, command);
        case COMPUTE_HASH ->
            ComputeHash.apply(round, replica, this, command, entry.position().index());
        case CONDEMN -> Condemn.apply(round, replica, this, command);
        case ROLLBACK_MERGE -> RollbackMerge.apply(round, replica, this, command);
        default -> throw unknown(entry);
      }
    } else {
      throw unknown(entry);
    }
  }

  private IllegalStateException unknown(Entry entry) {
    return new IllegalStateException(
        "region " + region.getId() + " cannot read entry " + entry + ": is it of a newer version?");
  }

  /** The proposal that became {@code entry}; those that lost their place are told so. */
  private static Pending take(Queue<Pending> waiting, Entry entry) {
    Pending found = null;
    while (!waiting.isEmpty() && waiting.peek().index() <= entry.index()) {
      Pending pending = waiting.poll();
      if (pending.index() == entry.index() && pending.term() == entry.term()) {
        found = pending;
      } else {
        pending.fail(
            RegionErrors.staleCommand("another leader's entry took the place of this one"));
      }
    }
    return found;
  }

  static Queue<Pending> nobody() {
    return new ArrayDeque<>();
  }

  /** Runs {@code action} on the store loop once the batch is written. */
  void onLoopAfterwards(ApplyRound round, Runnable action) {
    round.afterwards(() -> loop.accept(action));
  }

  /** Counts the records of a write that is applied. */
  void countWritten(byte[] payload, int from, int to, int records) {
    locks.count(applied.index() + 1, payload, from, to);
    writtenBytes.add(to - from);
    writtenKeys.add(records);
    size.count(payload, from, to);
  }

  /** Peers whose data was found to differ; to be changed by {@link Condemn} only. */
  Set<Long> damaged() {
    return damaged;
  }

  LockWatch locks() {
    return locks;
  }

  long writtenBytes() {
    return writtenBytes.sum();
  }

  long writtenKeys() {
    return writtenKeys.sum();
  }

  /** The record of the region as it is. */
  RegionState record() {
    RegionState.Builder state = RegionRecords.normal(region, peer, membership).toBuilder();
    if (!base.equals(RegionEpoch.getDefaultInstance())) {
      state.setBaseEpoch(base);
    }
    for (Peer member : region.getPeersList()) {
      if (damaged.contains(member.getId())) {
        state.addDamagedPeers(member.getId());
      }
    }
    if (merge != null) {
      state.setPhase(ReplicaPhase.MERGING).setMerge(merge);
    }
    return state.build();
  }

  RegionSize size() {
    return size;
  }

  /** How the region is to be merged into its neighbour, or null. */
  MergeState merge() {
    return merge;
  }

  void merging(MergeState state) {
    merge = state;
  }

  RegionEpoch base() {
    return base;
  }

  Region region() {
    return region;
  }

  Peer peer() {
    return peer;
  }

  Membership membership() {
    return membership;
  }

  LogPosition applied() {
    return applied;
  }

  /** The region changed its shape; the peer of this store may have another role. */
  void become(Region changed, Membership members) {
    region = changed;
    membership = members;
    locks.become(changed);
    Peer mine = Regions.peer(changed, peer.getId());
    peer = mine == null ? peer : mine;
  }

  /** A snapshot took the place of everything. */
  void become(Region changed, Membership members, LogPosition position) {
    become(changed, members);
    locks.lost();
    damaged.clear();
    applied = position;
    merge = null;
    base = changed.getRegionEpoch();
    for (Batch batch : stalled) {
      batch
          .waiting()
          .forEach(p -> p.fail(RegionErrors.undetermined("the write may be part of a snapshot")));
    }
    stalled.clear();
  }

  /** The replica goes: nothing is applied any more, and nobody knows what becomes of the rest. */
  void markRemoved() {
    markRemoved(RegionErrors.undetermined("the replica was removed meanwhile"));
  }

  /** Like {@link #markRemoved(Error)}; and what was this replica's data belongs to another now. */
  void handOver(Error unanswered) {
    markRemoved(unanswered);
    handedOver = true;
  }

  /** Who deletes the data of this replica would delete another's. */
  boolean isHandedOver() {
    return handedOver;
  }

  /**
   * Nothing is applied any more.
   *
   * @param unanswered for those who wait for what comes after
   */
  void markRemoved(Error unanswered) {
    removed = unanswered;
    for (Batch batch : stalled) {
      batch.waiting().forEach(pending -> pending.fail(unanswered));
    }
    stalled.clear();
  }
}
