package dev.kittiwake.client.region;

import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.ValueTooLargeException;
import dev.kittiwake.client.region.Backoff.Kind;
import dev.kittiwake.proto.errorpb.EpochNotMatch;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.errorpb.NotLeader;
import dev.kittiwake.proto.errorpb.ServerIsBusy;
import dev.kittiwake.proto.metapb.Region;
import java.util.concurrent.CompletableFuture;

/** What follows from a region error: correct the cache, pause, and route again; or give up. */
final class RegionErrors {
  private final RegionCache regions;
  private final StoreCache stores;

  RegionErrors(RegionCache regions, StoreCache stores) {
    this.regions = regions;
    this.stores = stores;
  }

  /** Completes when the request may be routed again; fails when it must not. */
  CompletableFuture<Void> handle(
      Error error, CachedRegion region, StoreCache.Route store, Backoff backoff) {
    String reason = region + " on " + store + ": " + describe(error);
    if (error.hasNotLeader()) {
      return notLeader(error.getNotLeader(), region, reason, backoff);
    }
    if (error.hasEpochNotMatch()) {
      return epochNotMatch(error.getEpochNotMatch(), region, store, reason, backoff);
    }
    if (error.hasServerIsBusy()) {
      return busy(error.getServerIsBusy(), reason, backoff);
    }
    if (error.hasRaftEntryTooLarge()) {
      return CompletableFuture.failedFuture(
          new ValueTooLargeException(
              "the request needs a log entry of "
                  + error.getRaftEntryTooLarge().getEntrySize()
                  + " bytes, more than "
                  + region
                  + " accepts; write smaller values"));
    }
    if (error.hasFlashbackInProgress() || error.hasFlashbackNotPrepared()) {
      return CompletableFuture.failedFuture(new KvException(reason));
    }
    if (error.hasUndeterminedResult()) {
      backoff.noteLostAnswer();
      return backoff.pause(Kind.SCHEDULING, reason);
    }
    return others(error, region, store, reason, backoff);
  }

  private CompletableFuture<Void> others(
      Error error, CachedRegion region, StoreCache.Route store, String reason, Backoff backoff) {
    if (error.hasStaleCommand()) {
      return backoff.pause(Kind.STALE_COMMAND, reason);
    }
    if (error.hasMaxTimestampNotSynced()) {
      return backoff.pause(Kind.MAX_TS_NOT_SYNCED, reason);
    }
    if (error.hasReadIndexNotReady()
        || error.hasProposalInMergingMode()
        || error.hasDataIsNotReady()) {
      return backoff.pause(Kind.SCHEDULING, reason);
    }
    if (error.hasDiskFull()) {
      return backoff.pause(Kind.DISK_FULL, reason);
    }
    if (error.hasStoreNotMatch()) {
      stores.forget(store.storeId());
    }
    regions.forget(region);
    return backoff.pause(Kind.REGION_MISS, reason);
  }

  private CompletableFuture<Void> notLeader(
      NotLeader error, CachedRegion region, String reason, Backoff backoff) {
    if (error.hasLeader() && error.getLeader().getId() != 0) {
      regions.switchLeader(region, error.getLeader());
      return backoff.pause(Kind.NOT_LEADER, reason);
    }
    regions.tryNextPeer(region);
    return backoff.pause(Kind.NO_LEADER, reason);
  }

  private CompletableFuture<Void> epochNotMatch(
      EpochNotMatch error,
      CachedRegion region,
      StoreCache.Route store,
      String reason,
      Backoff backoff) {
    for (Region current : error.getCurrentRegionsList()) {
      if (current.getId() == region.id() && isBehind(current, region)) {
        return backoff.pause(Kind.REGION_MISS, reason); // the store has to catch up with us
      }
    }
    regions.forget(region);
    regions.replace(error.getCurrentRegionsList(), store.storeId());
    return backoff.pause(Kind.EPOCH, reason);
  }

  private static boolean isBehind(Region current, CachedRegion region) {
    int version =
        Long.compareUnsigned(current.getRegionEpoch().getVersion(), region.epoch().getVersion());
    return version < 0
        || (version == 0
            && Long.compareUnsigned(
                    current.getRegionEpoch().getConfVer(), region.epoch().getConfVer())
                < 0);
  }

  private static CompletableFuture<Void> busy(ServerIsBusy error, String reason, Backoff backoff) {
    long told = Math.max(error.getBackoffMs(), error.getEstimatedWaitMs());
    return backoff.pause(
        Kind.SERVER_BUSY,
        told > 0 ? Math.min(told, 10_000) : -1,
        reason,
        dev.kittiwake.client.error.RegionUnavailableException::new);
  }

  /** The kind of error and its text, in one line. */
  static String describe(Error error) {
    StringBuilder text = new StringBuilder();
    error
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (!field.getName().equals("message")) {
                text.append(text.length() == 0 ? "" : ", ").append(field.getName());
              }
            });
    if (error.hasServerIsBusy() && !error.getServerIsBusy().getReason().isEmpty()) {
      text.append(" (").append(error.getServerIsBusy().getReason()).append(')');
    }
    if (!error.getMessage().isEmpty()) {
      text.append(text.length() == 0 ? "" : ": ").append(error.getMessage().replace('\n', ' '));
    }
    return text.toString();
  }
}
