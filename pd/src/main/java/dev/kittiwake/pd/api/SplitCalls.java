package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.api.Handlers.Scope.BOOTSTRAPPED;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.AskBatchSplitRequest;
import dev.kittiwake.proto.pdpb.AskBatchSplitResponse;
import dev.kittiwake.proto.pdpb.AskSplitResponse;
import dev.kittiwake.proto.pdpb.CheckPolicy;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.ReportBatchSplitResponse;
import dev.kittiwake.proto.pdpb.ReportSplitResponse;
import dev.kittiwake.proto.pdpb.SplitAndScatterRegionsResponse;
import dev.kittiwake.proto.pdpb.SplitID;
import dev.kittiwake.proto.pdpb.SplitRegion;
import dev.kittiwake.proto.pdpb.SplitRegionsResponse;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Ids for regions that are about to be split, and splits that a client asks for. */
final class SplitCalls {
  private static final int MAX_SPLITS = 10_000;
  private static final int LOOKS = 50;
  private static final long LOOK_MILLIS = 100;

  private final PdApi api;
  private final PdCluster cluster;

  SplitCalls(PdApi api, PdCluster cluster) {
    this.api = api;
    this.cluster = cluster;
  }

  void register(Handlers handlers) {
    handlers.addAsync(PdMethod.ASK_BATCH_SPLIT, BOOTSTRAPPED, this::askBatch);
    handlers.addAsync(
        PdMethod.ASK_SPLIT,
        BOOTSTRAPPED,
        request ->
            ids(request.getRegion(), 1)
                .thenApply(
                    ids ->
                        AskSplitResponse.newBuilder()
                            .setHeader(api.header())
                            .setNewRegionId(ids.get(0).getNewRegionId())
                            .addAllNewPeerIds(ids.get(0).getNewPeerIdsList())
                            .build()));
    handlers.add(
        PdMethod.REPORT_SPLIT,
        BOOTSTRAPPED,
        request -> ReportSplitResponse.newBuilder().setHeader(api.header()).build());
    handlers.add(
        PdMethod.REPORT_BATCH_SPLIT,
        BOOTSTRAPPED,
        request -> ReportBatchSplitResponse.newBuilder().setHeader(api.header()).build());
    handlers.addAsync(
        PdMethod.SPLIT_REGIONS,
        BOOTSTRAPPED,
        request ->
            split(request.getSplitKeysList())
                .thenApply(
                    done ->
                        SplitRegionsResponse.newBuilder()
                            .setHeader(api.header())
                            .setFinishedPercentage(done.percentage())
                            .addAllRegionsId(done.regions())
                            .build()));
    handlers.addAsync(
        PdMethod.SPLIT_AND_SCATTER_REGIONS,
        BOOTSTRAPPED,
        request ->
            split(request.getSplitKeysList())
                .thenApply(
                    done -> {
                      done.regions()
                          .forEach(
                              id ->
                                  cluster
                                      .placement()
                                      .coordinator()
                                      .scatter(id, request.getGroup()));
                      return SplitAndScatterRegionsResponse.newBuilder()
                          .setHeader(api.header())
                          .setSplitFinishedPercentage(done.percentage())
                          .setScatterFinishedPercentage(100)
                          .addAllRegionsId(done.regions())
                          .build();
                    }));
  }

  private CompletableFuture<AskBatchSplitResponse> askBatch(AskBatchSplitRequest request) {
    return ids(request.getRegion(), request.getSplitCount())
        .thenApply(
            ids ->
                AskBatchSplitResponse.newBuilder().setHeader(api.header()).addAllIds(ids).build());
  }

  private CompletableFuture<List<SplitID>> ids(Region region, int count) {
    if (count <= 0 || count > MAX_SPLITS) {
      throw new PdRefused(
          ErrorType.UNKNOWN,
          "split into " + Integer.toUnsignedString(count) + " new regions, 1 to " + MAX_SPLITS);
    }
    Optional<RegionRecord> known = cluster.tree().find(region.getId());
    if (known.isPresent()
        && (region.getRegionEpoch().getVersion() < known.get().version()
            || region.getRegionEpoch().getConfVer() < known.get().confVer())) {
      throw new PdRefused(
          ErrorType.UNKNOWN,
          "split of region " + region.getId() + " with an old epoch: read the region again");
    }
    int peers = region.getPeersCount();
    int wanted = Math.multiplyExact(count, 1 + peers);
    return cluster
        .allocateIds(wanted)
        .thenApply(
            last -> {
              long next = last - wanted + 1;
              List<SplitID> ids = new ArrayList<>();
              for (int i = 0; i < count; i++) {
                SplitID.Builder one = SplitID.newBuilder().setNewRegionId(next++);
                for (int peer = 0; peer < peers; peer++) {
                  one.addNewPeerIds(next++);
                }
                ids.add(one.build());
              }
              return ids;
            });
  }

  /** How many of the keys are region boundaries by now, and the regions that start there. */
  private record Done(List<Long> regions, int wanted) {
    long percentage() {
      return wanted == 0 ? 100 : 100L * regions.size() / wanted;
    }
  }

  /** Tells the leaders to split at these keys, then looks until the new regions have reported. */
  private CompletableFuture<Done> split(List<ByteString> keys) {
    Map<RegionRecord, SplitRegion.Builder> orders = new LinkedHashMap<>();
    for (ByteString key : keys) {
      cluster
          .tree()
          .find(RegionCalls.key(key))
          .filter(region -> !region.region().getStartKey().equals(key))
          .ifPresent(
              region ->
                  orders
                      .computeIfAbsent(
                          region, r -> SplitRegion.newBuilder().setPolicy(CheckPolicy.USEKEY))
                      .addKeys(key));
    }
    orders.forEach(
        (region, order) ->
            cluster
                .placement()
                .send(region, RegionHeartbeatResponse.newBuilder().setSplitRegion(order)));
    CompletableFuture<Done> done = new CompletableFuture<>();
    look(keys, LOOKS, done);
    return done;
  }

  private void look(List<ByteString> keys, int looksLeft, CompletableFuture<Done> done) {
    List<Long> found = new ArrayList<>();
    for (ByteString key : keys) {
      cluster
          .tree()
          .find(RegionCalls.key(key))
          .filter(region -> region.region().getStartKey().equals(key))
          .ifPresent(region -> found.add(region.id()));
    }
    if (found.size() == keys.size() || looksLeft == 0) {
      done.complete(new Done(found, keys.size()));
      return;
    }
    cluster
        .runtime()
        .loop()
        .schedule(() -> look(keys, looksLeft - 1, done), LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }
}
