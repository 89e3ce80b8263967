package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.metapb.Region;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * May this request run here? The checks stand in the order in which clients expect their errors:
 * what concerns the store first, then the replica, then the region's shape. Thread-safe.
 */
final class RegionGuard {
  private final long clusterId;
  private final long storeId;
  private final Replicas replicas;
  private final LongPredicate damaged;
  private final Function<RegionFace, List<Region>> currentRegions;

  /**
   * @param damaged whether the replica of that region must not serve
   * @param currentRegions the regions to tell a client whose epoch is not the one of that face
   */
  RegionGuard(
      long clusterId,
      long storeId,
      Replicas replicas,
      LongPredicate damaged,
      Function<RegionFace, List<Region>> currentRegions) {
    this.clusterId = clusterId;
    this.storeId = storeId;
    this.replicas = replicas;
    this.damaged = damaged;
    this.currentRegions = currentRegions;
  }

  Admission admit(Context context, List<Key> keys, boolean write) {
    Admission admission = admitRegion(context, write);
    if (admission instanceof Admission.Admitted admitted) {
      for (Key key : keys) {
        if (!admitted.view().contains(key)) {
          return new Admission.Refused(RegionErrors.keyNotInRegion(key, admitted.view().region()));
        }
      }
    }
    return admission;
  }

  Admission admit(Context context, KeyRange keys, boolean write) {
    Admission admission = admitRegion(context, write);
    if (admission instanceof Admission.Admitted admitted) {
      KeyRange range = admitted.view().range();
      if (!range.contains(keys.start())) {
        return new Admission.Refused(
            RegionErrors.keyNotInRegion(keys.start(), admitted.view().region()));
      }
      boolean endFits =
          range.end().isEmpty()
              || (!keys.end().isEmpty() && keys.end().compareTo(range.end()) <= 0);
      if (!endFits) {
        return new Admission.Refused(
            RegionErrors.keyNotInRegion(keys.end(), admitted.view().region()));
      }
    }
    return admission;
  }

  private Admission admitRegion(Context context, boolean write) {
    if (context.getClusterId() != 0 && context.getClusterId() != clusterId) {
      return new Admission.ForeignCluster(
          "the request is for cluster "
              + Long.toUnsignedString(context.getClusterId())
              + ", this store belongs to cluster "
              + Long.toUnsignedString(clusterId));
    }
    if (context.getPeer().getStoreId() != storeId) {
      return refuse(RegionErrors.storeNotMatch(context.getPeer().getStoreId(), storeId));
    }
    boolean allKnown = replicas.areAllKnown(); // before looking: what is missing after that is gone
    RegionFace face = replicas.face(context.getRegionId());
    if (face == null) {
      return refuse(
          allKnown
              ? RegionErrors.regionNotFound(context.getRegionId())
              : RegionErrors.starting(context.getRegionId(), storeId));
    }
    if (context.getPeer().getId() != face.peer().getId()) {
      return refuse(
          RegionErrors.mismatchPeerId(
              context.getRegionId(), context.getPeer().getId(), face.peer().getId()));
    }
    if (damaged.test(context.getRegionId())) {
      return refuse(RegionErrors.damaged(context.getRegionId()));
    }
    boolean replicaRead = !write && (context.getReplicaRead() || context.getStaleRead());
    if (!face.leads() && !replicaRead) {
      return refuse(RegionErrors.notLeader(context.getRegionId(), face.leader()));
    }
    if (!face.initialized()) {
      return refuse(RegionErrors.notInitialized(context.getRegionId()));
    }
    if (context.getTerm() != 0 && face.term() > context.getTerm() + 1) {
      return refuse(
          RegionErrors.staleCommand(
              "the request is of term " + context.getTerm() + ", now it is " + face.term()));
    }
    if (context.getRegionEpoch().getVersion() != face.version()) {
      return refuse(
          RegionErrors.epochNotMatch(
              "region "
                  + context.getRegionId()
                  + " has epoch "
                  + Regions.describe(face.region().getRegionEpoch())
                  + ", the request "
                  + Regions.describe(context.getRegionEpoch()),
              currentRegions.apply(face)));
    }
    if (face.merging()) {
      return refuse(
          write
              ? RegionErrors.merging(context.getRegionId())
              : RegionErrors.readIndexNotReady(
                  context.getRegionId(), "it is being merged with its neighbour"));
    }
    return new Admission.Admitted(replicaRead ? face.view().forReplicaRead() : face.view());
  }

  private static Admission refuse(Error error) {
    return new Admission.Refused(error);
  }
}
