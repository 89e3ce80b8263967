package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.SplitID;
import dev.kittiwake.proto.store.RegionCommand;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.ReplicaPhase;
import dev.kittiwake.proto.store.SplitCommand;
import dev.kittiwake.proto.store.SplitPiece;
import dev.kittiwake.raft.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Splitting a region. The placement driver gives ids; one entry carries keys and ids; every replica
 * makes the same regions at the same index, in one batch with their states and the applied index.
 * The leader's children campaign at once.
 */
final class Split {
  private Split() {}

  /** Asks for ids, then proposes. Store loop. */
  static CompletableFuture<SplitResult> start(
      RegionReplica replica, RegionView view, List<Key> keys) {
    CompletableFuture<SplitResult> answer = new CompletableFuture<>();
    Error refusal = Refusals.of(replica, view);
    Region region = replica.face().region();
    List<Key> sorted = keys.stream().sorted().toList();
    if (refusal == null && !replica.isServing()) {
      refusal = notYet();
    }
    if (refusal == null && replica.merge().isPreparing()) {
      refusal = RegionErrors.busy("the region is about to be merged");
    }
    if (refusal == null && !replica.hashCheck().damaged().isEmpty()) {
      refusal = RegionErrors.busy("a replica of the region is damaged and is to be replaced");
    }
    if (refusal == null && ConfChange.isJoint(region)) {
      refusal = RegionErrors.busy("the region is changing its members");
    }
    if (refusal == null) {
      String objection = SplitPlan.objection(region, sorted);
      refusal =
          objection == null
              ? null
              : RegionErrors.other("cannot split region " + region.getId() + ": " + objection);
    }
    if (refusal != null) {
      answer.complete(new SplitResult.Refused(refusal));
      return answer;
    }
    replica
        .context()
        .placement()
        .splitIds(region, sorted.size())
        .whenComplete(
            (ids, failure) ->
                replica.execute(() -> propose(replica, region, sorted, ids, failure, answer)));
    return answer;
  }

  /** What earlier leaders did to the region is not all applied: its range may be another one. */
  private static Error notYet() {
    return RegionErrors.busy("the region's leader has yet to begin");
  }

  private static void propose(
      RegionReplica replica,
      Region asked,
      List<Key> keys,
      List<SplitID> ids,
      Throwable failure,
      CompletableFuture<SplitResult> answer) {
    if (failure != null || ids.size() != keys.size()) {
      String why = failure == null ? "wrong number of ids" : String.valueOf(failure.getMessage());
      answer.complete(
          new SplitResult.Refused(
              RegionErrors.busy("the placement driver gave no ids for a split: " + why)));
      return;
    }
    RegionFace face = replica.face();
    if (replica.isDestroyed() || !face.leads()) {
      answer.complete(
          new SplitResult.Refused(RegionErrors.notLeader(asked.getId(), face.leader())));
      return;
    }
    if (!replica.isServing()) { // it has led another term meanwhile
      answer.complete(new SplitResult.Refused(notYet()));
      return;
    }
    if (!face.region().getRegionEpoch().equals(asked.getRegionEpoch())) {
      answer.complete(
          new SplitResult.Refused(
              RegionErrors.epochNotMatch(
                  "the region changed while it was to be split", List.of(face.region()))));
      return;
    }
    SplitCommand.Builder command = SplitCommand.newBuilder();
    for (int i = 0; i < keys.size(); i++) {
      command.addPieces(
          SplitPiece.newBuilder()
              .setSplitKey(com.google.protobuf.ByteString.copyFrom(keys.get(i).unsafeBytes()))
              .setRegionId(ids.get(i).getNewRegionId())
              .addAllPeerIds(ids.get(i).getNewPeerIdsList()));
    }
    byte[] payload =
        EntryPayload.encode(
            RegionCommand.newBuilder().setEpoch(asked.getRegionEpoch()).setSplit(command).build());
    Proposal proposal = replica.driver().propose(payload);
    if (proposal instanceof Proposal.Accepted accepted) {
      // From its commit on the new regions may be led, and written, elsewhere.
      replica.lease().suspendUntil(accepted.index());
      replica.await(new Pending.Splitting(accepted.index(), accepted.term(), answer));
    } else {
      answer.complete(new SplitResult.Refused(Refusals.of(replica, (Proposal.Refused) proposal)));
    }
  }

  static void apply(
      ApplyRound round,
      RegionReplica replica,
      RegionApplier applier,
      RegionCommand command,
      Pending.Splitting pending) {
    Region before = applier.region();
    if (!MergePlan.sameEpoch(command.getEpoch(), before.getRegionEpoch())) {
      if (pending != null) {
        pending.fail(
            RegionErrors.epochNotMatch(
                "the region changed before the split was applied", List.of(before)));
      }
      return;
    }
    SplitPlan plan = SplitPlan.of(before, command.getSplit());
    // What earlier tasks left in this batch must be readable: a child may be known here already.
    round.write();
    List<Region> children = new ArrayList<>();
    try (EngineSnapshot present = round.engine().snapshot()) {
      for (Region child : plan.created()) {
        Peer mine = Regions.peerOnStore(child, applier.peer().getStoreId());
        RegionState known = RegionRecords.state(present, child.getId());
        if (known != null && isNewer(known, mine)) {
          dropData(round, child);
        } else {
          RegionRecords.put(round.batch(), RegionRecords.fresh(child, mine));
          RegionRecords.putApplied(round.batch(), child.getId(), RegionRecords.INITIAL);
          children.add(child);
        }
      }
    }
    applier.become(plan.derived(), applier.membership());
    RegionRecords.put(round.batch(), applier.record());
    // A child's log must not outlive the split that made it: a power cut could take the split, and
    // the child might be moved away before the parent gets to make it again.
    round.afterwards(round.engine()::syncLog);
    applier.onLoopAfterwards(round, () -> replica.onSplit(before, plan, children));
    if (pending != null) {
      // After the replicas of the children exist: whoever asked may use them at once.
      applier.onLoopAfterwards(
          round, () -> pending.answer().complete(new SplitResult.Done(plan.pieces())));
    }
  }

  /**
   * Whether this store already had, or lost, a later peer of the child: then it is not made again.
   */
  private static boolean isNewer(RegionState known, Peer mine) {
    return known.getPeer().getId() > mine.getId()
        || (known.getPeer().getId() == mine.getId()
            && (known.getPhase() == ReplicaPhase.TOMBSTONE
                || Regions.isInitialized(known.getRegion())));
  }

  private static void dropData(ApplyRound round, Region child) {
    KeyRange range = Regions.range(child);
    for (Family family : Family.OF_DATA) {
      round.batch().deleteRange(family, EngineKeys.dataStart(range), EngineKeys.dataEnd(range));
    }
  }
}
