package dev.kittiwake.kv.region;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.proto.errorpb.DataIsNotReady;
import dev.kittiwake.proto.errorpb.EpochNotMatch;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.errorpb.KeyNotInRegion;
import dev.kittiwake.proto.errorpb.MismatchPeerId;
import dev.kittiwake.proto.errorpb.NotLeader;
import dev.kittiwake.proto.errorpb.ProposalInMergingMode;
import dev.kittiwake.proto.errorpb.RaftEntryTooLarge;
import dev.kittiwake.proto.errorpb.ReadIndexNotReady;
import dev.kittiwake.proto.errorpb.RegionNotFound;
import dev.kittiwake.proto.errorpb.RegionNotInitialized;
import dev.kittiwake.proto.errorpb.ServerIsBusy;
import dev.kittiwake.proto.errorpb.StaleCommand;
import dev.kittiwake.proto.errorpb.StoreNotMatch;
import dev.kittiwake.proto.errorpb.UndeterminedResult;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import java.util.List;

/**
 * The region errors of the protocol that the region layer gives; each sets one variant and a text.
 */
final class RegionErrors {
  private RegionErrors() {}

  static Error regionNotFound(long regionId) {
    return Error.newBuilder()
        .setMessage("region " + regionId + " is not on this store")
        .setRegionNotFound(RegionNotFound.newBuilder().setRegionId(regionId))
        .build();
  }

  /** Clients look elsewhere. */
  static Error damaged(long regionId) {
    return Error.newBuilder()
        .setMessage("the replica of region " + regionId + " on this store is damaged")
        .setRegionNotFound(RegionNotFound.newBuilder().setRegionId(regionId))
        .build();
  }

  static Error notInitialized(long regionId) {
    return Error.newBuilder()
        .setMessage("region " + regionId + " waits for its first snapshot")
        .setRegionNotInitialized(RegionNotInitialized.newBuilder().setRegionId(regionId))
        .build();
  }

  /**
   * @param leader the leader if known, else null
   */
  static Error notLeader(long regionId, Peer leader) {
    NotLeader.Builder detail = NotLeader.newBuilder().setRegionId(regionId);
    if (leader != null) {
      detail.setLeader(leader);
    }
    String where = leader == null ? "unknown" : "on store " + leader.getStoreId();
    return Error.newBuilder()
        .setMessage("this replica does not lead region " + regionId + "; the leader is " + where)
        .setNotLeader(detail)
        .build();
  }

  /**
   * The door is open, the replicas are not back yet: another replica may lead, this one does not.
   */
  static Error starting(long regionId, long storeId) {
    return Error.newBuilder()
        .setMessage("store " + storeId + " is starting and leads nothing yet")
        .setNotLeader(NotLeader.newBuilder().setRegionId(regionId))
        .build();
  }

  static Error storeNotMatch(long requested, long actual) {
    return Error.newBuilder()
        .setMessage("the request is for store " + requested + ", this is store " + actual)
        .setStoreNotMatch(
            StoreNotMatch.newBuilder().setRequestStoreId(requested).setActualStoreId(actual))
        .build();
  }

  static Error mismatchPeerId(long regionId, long requested, long actual) {
    return Error.newBuilder()
        .setMessage(
            "region " + regionId + " is here with peer " + actual + ", not peer " + requested)
        .setMismatchPeerId(
            MismatchPeerId.newBuilder().setRequestPeerId(requested).setStorePeerId(actual))
        .build();
  }

  static Error epochNotMatch(String message, List<Region> current) {
    return Error.newBuilder()
        .setMessage(message)
        .setEpochNotMatch(EpochNotMatch.newBuilder().addAllCurrentRegions(current))
        .build();
  }

  static Error keyNotInRegion(Key key, Region region) {
    return Error.newBuilder()
        .setMessage("a key of the request lies outside of region " + region.getId())
        .setKeyNotInRegion(
            KeyNotInRegion.newBuilder()
                .setKey(bytes(key))
                .setRegionId(region.getId())
                .setStartKey(region.getStartKey())
                .setEndKey(region.getEndKey()))
        .build();
  }

  static Error merging(long regionId) {
    return Error.newBuilder()
        .setMessage("region " + regionId + " is being merged with its neighbour")
        .setProposalInMergingMode(ProposalInMergingMode.newBuilder().setRegionId(regionId))
        .build();
  }

  static Error staleCommand(String message) {
    return Error.newBuilder()
        .setMessage(message)
        .setStaleCommand(StaleCommand.getDefaultInstance())
        .build();
  }

  static Error busy(String reason) {
    return Error.newBuilder()
        .setMessage("the store is busy: " + reason)
        .setServerIsBusy(ServerIsBusy.newBuilder().setReason(reason))
        .build();
  }

  static Error entryTooLarge(long regionId, long bytes, long limit) {
    return Error.newBuilder()
        .setMessage("a write of " + bytes + " bytes is larger than the limit of " + limit)
        .setRaftEntryTooLarge(
            RaftEntryTooLarge.newBuilder().setRegionId(regionId).setEntrySize(bytes))
        .build();
  }

  static Error readIndexNotReady(long regionId, String reason) {
    return Error.newBuilder()
        .setMessage("region " + regionId + " cannot confirm reads now: " + reason)
        .setReadIndexNotReady(
            ReadIndexNotReady.newBuilder().setRegionId(regionId).setReason(reason))
        .build();
  }

  /**
   * @param safeTs up to which timestamp the replica may serve the past; 0 = not at all
   */
  static Error dataIsNotReady(long regionId, long peerId, long safeTs) {
    return Error.newBuilder()
        .setMessage(
            "the replica of region "
                + regionId
                + " is known to be complete up to "
                + Long.toUnsignedString(safeTs)
                + " only")
        .setDataIsNotReady(
            DataIsNotReady.newBuilder().setRegionId(regionId).setPeerId(peerId).setSafeTs(safeTs))
        .build();
  }

  /** The write may or may not take effect. */
  static Error undetermined(String message) {
    return Error.newBuilder()
        .setMessage(message)
        .setUndeterminedResult(UndeterminedResult.newBuilder().setMessage(message))
        .build();
  }

  /** An error that no variant describes. */
  static Error other(String message) {
    return Error.newBuilder().setMessage(message).build();
  }

  private static ByteString bytes(Key key) {
    return UnsafeByteOperations.unsafeWrap(key.unsafeBytes());
  }
}
