package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.pdpb.ChangePeer;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.store.PeerChange;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what the placement driver pushes into an operation. A step made for another epoch is
 * dropped: the next report tells the placement driver how things are. After a failure that report
 * comes soon, as the reason is often gone by then: the change before may not be applied yet.
 */
final class PlacementStep {
  private static final Logger LOG = LoggerFactory.getLogger(PlacementStep.class);

  private PlacementStep() {}

  static void carryOut(RegionReplica replica, RegionHeartbeatResponse step) {
    RegionFace face = replica.face();
    if (!face.leads()) {
      return;
    }
    RegionEpoch now = face.region().getRegionEpoch();
    if (step.hasChangePeer() && sameConfVer(step, now)) {
      logFailure(replica, ChangePeers.start(replica, List.of(change(step.getChangePeer()))));
    } else if (step.hasChangePeerV2() && sameConfVer(step, now)) {
      List<PeerChange> changes =
          step.getChangePeerV2().getChangesList().stream().map(PlacementStep::change).toList();
      logFailure(replica, ChangePeers.start(replica, changes));
    } else if (step.hasTransferLeader()) {
      Error error = TransferLeader.start(replica, target(step));
      logFailure(replica, CompletableFuture.completedFuture(error));
    } else if (step.hasMerge() && step.getRegionEpoch().equals(now)) {
      logFailure(replica, PrepareMerge.start(replica, step.getMerge().getTarget()));
    } else if (step.hasSplitRegion() && step.getRegionEpoch().equals(now)) {
      List<Key> keys = step.getSplitRegion().getKeysList().stream().map(Regions::key).toList();
      (keys.isEmpty()
              ? replica.splitCheck().halve(face.view())
              : Split.start(replica, face.view(), keys))
          .thenAccept(
              result -> {
                if (result instanceof SplitResult.Refused refused) {
                  log(replica, refused.error());
                }
              });
    }
  }

  private static long target(RegionHeartbeatResponse step) {
    return step.getTransferLeader().getPeer().getId();
  }

  private static boolean sameConfVer(RegionHeartbeatResponse step, RegionEpoch now) {
    return step.getRegionEpoch().getConfVer() == now.getConfVer();
  }

  private static PeerChange change(ChangePeer step) {
    PeerChange.Kind kind =
        switch (step.getChangeType()) {
          case AddNode -> PeerChange.Kind.ADD_VOTER;
          case AddLearnerNode -> PeerChange.Kind.ADD_LEARNER;
          case RemoveNode -> PeerChange.Kind.REMOVE;
          default -> throw new IllegalArgumentException("unknown step " + step.getChangeType());
        };
    return PeerChange.newBuilder().setKind(kind).setPeer(step.getPeer()).build();
  }

  private static void logFailure(RegionReplica replica, CompletableFuture<Error> outcome) {
    outcome.thenAccept(
        error -> {
          if (error != null) {
            log(replica, error);
          }
        });
  }

  private static void log(RegionReplica replica, Error error) {
    LOG.info(
        "store={} region={} step refused: {}",
        replica.context().storeId(),
        replica.regionId(),
        error.getMessage());
    replica.execute(replica::reportSoon);
  }
}
