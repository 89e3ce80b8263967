package dev.kittiwake.kv.region;

import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.MergeState;
import dev.kittiwake.proto.store.RegionCommand;
import dev.kittiwake.proto.store.RollbackMergeCommand;
import dev.kittiwake.raft.Proposal;
import java.util.Optional;

/**
 * Taking a merge back, in the log of the region that was to end: it goes on as before. Proposed
 * only on proof that the target cannot take it in any more ({@link MergePlan#hasFailed}).
 */
final class RollbackMerge {
  private RollbackMerge() {}

  /** Proposes. Store loop. */
  static Optional<Proposal.Accepted> start(RegionReplica source) {
    RegionCommand command =
        RegionCommand.newBuilder()
            .setEpoch(source.face().region().getRegionEpoch())
            .setRollbackMerge(
                RollbackMergeCommand.newBuilder().setCommit(source.merge().state().getCommit()))
            .build();
    Proposal proposal = source.driver().propose(EntryPayload.encode(command));
    return proposal instanceof Proposal.Accepted accepted
        ? Optional.of(accepted)
        : Optional.empty();
  }

  static void apply(
      ApplyRound round, RegionReplica replica, RegionApplier applier, RegionCommand command) {
    MergeState merge = applier.merge();
    if (merge == null || merge.getCommit() != command.getRollbackMerge().getCommit()) {
      return; // it was proposed more than once
    }
    applier.become(MergePlan.takenBack(applier.region()), applier.membership());
    applier.merging(null);
    RegionRecords.put(round.batch(), applier.record());
    Region after = applier.region();
    applier.onLoopAfterwards(round, () -> aftermath(replica, after));
  }

  private static void aftermath(RegionReplica replica, Region after) {
    if (!replica.isDestroyed()) {
      replica.lease().resume();
      replica.show(after, false);
      replica.merge().onTakenBack();
      if (replica.face().leads()) {
        replica.context().gates().open(replica.face().view());
        replica.driver().announceCommit();
        replica.report();
      }
    }
  }
}
