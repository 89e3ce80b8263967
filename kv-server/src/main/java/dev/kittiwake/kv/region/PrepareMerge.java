package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.MergeState;
import dev.kittiwake.proto.store.PrepareMergeCommand;
import dev.kittiwake.proto.store.RegionCommand;
import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Proposal;
import dev.kittiwake.raft.Status;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The first step of a merge, in the log of the region that is to end: from the entry on nothing
 * changes its data, it answers no request, and its members do not change. What only its leader
 * knows (locks) is replicated before.
 *
 * <p>The entry says from where on a member's log may have to be completed; no log is cut there
 * until the merge has ended.
 */
final class PrepareMerge {
  private PrepareMerge() {}

  /** Checks, lets go of what only the leader knows, proposes. Store loop. Null = applied. */
  static CompletableFuture<Error> start(RegionReplica source, Region target) {
    String objection = objection(source, target);
    if (objection == null && source.merge().isPreparing()) {
      objection = "it is being prepared already";
    }
    if (objection != null) {
      return CompletableFuture.completedFuture(refusal(source, objection));
    }
    RegionView view = source.face().view();
    source.merge().preparing(true);
    CompletableFuture<Error> answer = new CompletableFuture<>();
    source
        .context()
        .gates()
        .close(view)
        .whenComplete(
            (refused, failure) ->
                source.execute(() -> propose(source, view, target, refused, failure, answer)));
    return answer.whenComplete(
        (error, failure) ->
            source.execute(
                () -> {
                  source.merge().preparing(false);
                  if (error != null && !source.isDestroyed() && source.merge().state() == null) {
                    source.context().gates().open(source.face().view());
                  }
                }));
  }

  private static void propose(
      RegionReplica source,
      RegionView view,
      Region target,
      Error refused,
      Throwable failure,
      CompletableFuture<Error> answer) {
    if (refused != null || failure != null) {
      answer.complete(refused != null ? refused : RegionErrors.other(String.valueOf(failure)));
      return;
    }
    Error stale = Refusals.of(source, view);
    String objection = stale == null ? objection(source, target) : null;
    if (stale != null || objection != null) {
      answer.complete(stale != null ? stale : refusal(source, objection));
      return;
    }
    RegionCommand command =
        RegionCommand.newBuilder()
            .setEpoch(source.face().region().getRegionEpoch())
            .setPrepareMerge(
                PrepareMergeCommand.newBuilder().setMinIndex(minIndex(source)).setTarget(target))
            .build();
    Proposal proposal = source.driver().propose(EntryPayload.encode(command));
    if (proposal instanceof Proposal.Accepted accepted) {
      // From its commit on the keys may be written by another region's leader.
      source.lease().suspendUntil(accepted.index());
      source.await(new Pending.Command(accepted.index(), accepted.term(), answer));
    } else {
      answer.complete(Refusals.of(source, (Proposal.Refused) proposal));
    }
  }

  private static Error refusal(RegionReplica source, String objection) {
    return RegionErrors.other("cannot merge region " + source.regionId() + ": " + objection);
  }

  private static String objection(RegionReplica source, Region target) {
    if (source.isDestroyed() || !source.isServing()) {
      return "its leader has yet to begin";
    }
    if (!source.hashCheck().damaged().isEmpty()) {
      return "one of its replicas is damaged and is to be replaced";
    }
    if (source.merge().state() != null) {
      return "it is being merged already";
    }
    RegionReplica neighbour = source.store().find(target.getId());
    if (neighbour == null || !neighbour.face().initialized()) {
      return "region " + target.getId() + " is not on this store";
    }
    Region known = neighbour.face().region();
    if (!MergePlan.sameEpoch(known.getRegionEpoch(), target.getRegionEpoch())) {
      return "region " + target.getId() + " has changed, or its replica here lags";
    }
    if (neighbour.merge().state() != null) {
      return "region " + target.getId() + " is itself being merged";
    }
    String objection = MergePlan.objection(source.face().region(), known);
    return objection != null ? objection : objectionOfLog(source);
  }

  /** The end of the log that a member may lack has to be short and simple. */
  private static String objectionOfLog(RegionReplica source) {
    Status status = source.driver().status();
    if (status.transferee() != 0) {
      return "its leadership is being handed over";
    }
    for (Status.Peer peer : status.peers()) {
      if (!peer.recentlyActive() || peer.pendingSnapshot() != 0 || peer.match() == 0) {
        return "peer " + peer.id() + " is silent or waits for a snapshot";
      }
    }
    long min = minIndex(source);
    long gap = status.lastIndex() + 1 - min;
    if (gap > source.context().settings().merge().maxLogGap()) {
      return "a peer lacks " + gap + " entries";
    }
    if (min <= source.log().start().index()) {
      return "its log has been cut where a peer lacks entries";
    }
    if (source.log().lastIndex() < status.lastIndex()) {
      return "its last entries have yet to be stored"; // raft has them, the log gets them next
    }
    long bytes = 0;
    for (Entry entry : entries(source, min, status.lastIndex())) {
      bytes += entry.bytes();
      if (!isSimple(entry, min)) {
        return "it is being changed otherwise";
      }
    }
    return bytes * 2 > source.context().settings().maxEntryBytes()
        ? "a peer lacks " + bytes + " bytes of its log"
        : null;
  }

  static List<Entry> entries(RegionReplica source, long from, long to) {
    return from > to ? List.of() : source.log().entries(from, to + 1, Long.MAX_VALUE);
  }

  private static boolean isSimple(Entry entry, long min) {
    if (entry.kind() == Entry.Kind.MEMBERSHIP) {
      return false;
    }
    if (entry.kind() == Entry.Kind.EMPTY || entry.payload()[0] == EntryPayload.WRITES) {
      return true;
    }
    RegionCommand command = EntryPayload.command(entry.payload());
    return command.hasCompactLog() && command.getCompactLog().getIndex() < min;
  }

  private static long minIndex(RegionReplica source) {
    long slowest = Long.MAX_VALUE;
    for (Status.Peer peer : source.driver().status().peers()) {
      slowest = Math.min(slowest, peer.match());
    }
    return slowest + 1;
  }

  static void apply(
      ApplyRound round,
      RegionReplica replica,
      RegionApplier applier,
      RegionCommand command,
      LogPosition position,
      Pending.Command pending) {
    Region before = applier.region();
    if (!MergePlan.sameEpoch(command.getEpoch(), before.getRegionEpoch())
        || applier.merge() != null) {
      if (pending != null) {
        pending.fail(
            RegionErrors.epochNotMatch(
                "the region changed before its merge was prepared", List.of(before)));
      }
      return;
    }
    MergeState merge =
        MergeState.newBuilder()
            .setMinIndex(command.getPrepareMerge().getMinIndex())
            .setCommit(position.index())
            .setTarget(command.getPrepareMerge().getTarget())
            .build();
    applier.become(MergePlan.prepared(before), applier.membership());
    applier.merging(merge);
    RegionRecords.put(round.batch(), applier.record());
    Region after = applier.region();
    applier.onLoopAfterwards(
        round,
        () -> {
          aftermath(replica, after, merge);
          if (pending != null) {
            pending.answer().complete(null);
          }
        });
  }

  private static void aftermath(RegionReplica replica, Region after, MergeState merge) {
    if (!replica.isDestroyed()) {
      replica.lease().suspendUntil(Long.MAX_VALUE);
      replica.show(after, true);
      replica.merge().onPrepared(merge);
      replica.report();
    }
  }
}
