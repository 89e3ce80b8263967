package dev.kittiwake.kv.region;

import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.CommitMergeCommand;
import dev.kittiwake.proto.store.MergeState;
import dev.kittiwake.proto.store.RegionCommand;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.SourceEntry;
import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The second step of a merge, in the log of the region that goes on: it gets the range of its
 * neighbour, whose replica on this store ends, in one batch. The neighbour's replica must have
 * applied everything up to its PrepareMerge before; the entry carries what it may lack of its log,
 * and applying waits for it.
 *
 * <p>The merge happens exactly if the target has not changed since the source was prepared.
 */
final class CommitMerge {
  private CommitMerge() {}

  /** Proposes, if both replicas on this store are in the right state. Store loop. */
  static Optional<Proposal.Accepted> start(RegionReplica source, RegionReplica target) {
    MergeState merge = source.merge().state();
    if (merge.getMinIndex() <= source.log().start().index()) {
      return Optional.empty(); // this store's log cannot complete the others'
    }
    CommitMergeCommand.Builder commit =
        CommitMergeCommand.newBuilder()
            .setSource(source.face().region())
            .setCommit(merge.getCommit());
    for (Entry entry : PrepareMerge.entries(source, merge.getMinIndex(), merge.getCommit())) {
      commit.addEntries(
          SourceEntry.newBuilder()
              .setIndex(entry.index())
              .setTerm(entry.term())
              .setKind(entry.kind().ordinal())
              .setPayload(UnsafeByteOperations.unsafeWrap(entry.payload())));
    }
    RegionCommand command =
        RegionCommand.newBuilder()
            .setEpoch(merge.getTarget().getRegionEpoch())
            .setCommitMerge(commit)
            .build();
    Proposal proposal = target.driver().propose(EntryPayload.encode(command));
    return proposal instanceof Proposal.Accepted accepted
        ? Optional.of(accepted)
        : Optional.empty();
  }

  /** The entries that the command carries. */
  static List<Entry> entries(CommitMergeCommand command) {
    List<Entry> entries = new ArrayList<>();
    for (SourceEntry entry : command.getEntriesList()) {
      entries.add(
          new Entry(
              entry.getIndex(),
              entry.getTerm(),
              Entry.Kind.of(entry.getKind()),
              entry.getPayload().toByteArray()));
    }
    return entries;
  }

  /**
   * Whether applying has to wait until the source's replica on this store has caught up. Apply
   * thread.
   */
  static boolean mustWait(RegionApplier target, RegionCommand command, RegionReplica source) {
    if (!fits(target, command)) {
      return false; // it will be skipped
    }
    MergeState merge = source == null ? null : source.applier().merge();
    return merge == null || merge.getCommit() != command.getCommitMerge().getCommit();
  }

  private static boolean fits(RegionApplier target, RegionCommand command) {
    return target.merge() == null
        && MergePlan.sameEpoch(command.getEpoch(), target.region().getRegionEpoch());
  }

  static void apply(
      ApplyRound round, RegionReplica replica, RegionApplier target, RegionCommand command) {
    if (!fits(target, command)) {
      return;
    }
    Region sourceRegion = command.getCommitMerge().getSource();
    RegionReplica source = replica.store().find(sourceRegion.getId());
    if (source == null) {
      throw new IllegalStateException(
          "region " + sourceRegion.getId() + " vanished while it was being merged");
    }
    RegionApplier ended = source.applier();
    round.write(); // else the applied position of the source would be written again
    Region before = target.region();
    target.become(MergePlan.merged(ended.region(), before), target.membership());
    // What was proposed to the source after it was prepared has no effect, and never will.
    ended.handOver(
        RegionErrors.epochNotMatch(
            "the region was merged into region " + before.getId(), List.of(target.region())));
    RegionState tombstone = Destroy.tombstone(ended);
    RegionRecords.put(round.batch(), tombstone);
    round.batch().delete(Family.RAFT, EngineKeys.applied(sourceRegion.getId()));
    RegionRecords.put(round.batch(), target.record());
    target.size().add(ended.size());
    // The source's log must not go before this batch is there to stay.
    round.afterwards(round.engine()::syncLog);
    Region after = target.region();
    target.onLoopAfterwards(round, () -> aftermath(replica, before, after, source, tombstone));
  }

  private static void aftermath(
      RegionReplica target,
      Region before,
      Region after,
      RegionReplica source,
      RegionState tombstone) {
    RegionFace was = target.face();
    RegionFace next = target.faceOf(after);
    // Before requests come for the new range.
    target.context().listeners().forEach(l -> l.onMerged(was.view(), next.view(), was.leads()));
    target.show(next);
    target.load().forgetSamples();
    target.merge().onMerged(source.regionId());
    target.store().onMerged(target, before, source, tombstone);
    if (was.leads()) {
      target.driver().announceCommit();
      target.report();
    }
  }
}
