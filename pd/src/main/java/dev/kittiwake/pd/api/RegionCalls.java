package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.api.Handlers.Scope.BOOTSTRAPPED;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.pdpb.BatchScanRegionsRequest;
import dev.kittiwake.proto.pdpb.BatchScanRegionsResponse;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GetRegionResponse;
import dev.kittiwake.proto.pdpb.KeyRange;
import dev.kittiwake.proto.pdpb.QueryRegionRequest;
import dev.kittiwake.proto.pdpb.QueryRegionResponse;
import dev.kittiwake.proto.pdpb.Region;
import dev.kittiwake.proto.pdpb.RegionResponse;
import dev.kittiwake.proto.pdpb.ScanRegionsRequest;
import dev.kittiwake.proto.pdpb.ScanRegionsResponse;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where keys live. Keys are compared as they are stored. */
final class RegionCalls {
  private final PdApi api;
  private final PdCluster cluster;

  RegionCalls(PdApi api, PdCluster cluster) {
    this.api = api;
    this.cluster = cluster;
  }

  void register(Handlers handlers) {
    handlers.add(
        PdMethod.GET_REGION,
        BOOTSTRAPPED,
        request -> answer(cluster.tree().locate(key(request.getRegionKey()))));
    handlers.add(
        PdMethod.GET_PREV_REGION,
        BOOTSTRAPPED,
        request -> answer(cluster.tree().locateBefore(key(request.getRegionKey()))));
    handlers.add(
        PdMethod.GET_REGION_BY_ID,
        BOOTSTRAPPED,
        request -> answer(cluster.tree().locate(request.getRegionId())));
    handlers.add(PdMethod.SCAN_REGIONS, BOOTSTRAPPED, this::scan);
    handlers.add(PdMethod.BATCH_SCAN_REGIONS, BOOTSTRAPPED, this::batchScan);
  }

  static Key key(ByteString bytes) {
    return Key.wrap(bytes.toByteArray());
  }

  /** A region that nobody knows is not an error: the answer has none. */
  private GetRegionResponse answer(Optional<RegionRecord> found) {
    GetRegionResponse.Builder response = GetRegionResponse.newBuilder().setHeader(api.header());
    found.ifPresent(
        region -> {
          response
              .setRegion(region.region())
              .addAllDownPeers(region.downPeers())
              .addAllPendingPeers(region.pendingPeers());
          if (region.hasLeader()) {
            response.setLeader(region.leader());
          }
        });
    return response.build();
  }

  private ScanRegionsResponse scan(ScanRegionsRequest request) {
    ScanRegionsResponse.Builder response = ScanRegionsResponse.newBuilder().setHeader(api.header());
    List<RegionRecord> found =
        cluster
            .tree()
            .list(key(request.getStartKey()), key(request.getEndKey()), request.getLimit());
    for (RegionRecord region : found) {
      response
          .addRegionMetas(region.region())
          .addLeaders(region.leader())
          .addRegions(listed(region));
    }
    return response.build();
  }

  private static Region listed(RegionRecord region) {
    return Region.newBuilder()
        .setRegion(region.region())
        .setLeader(region.leader())
        .addAllDownPeers(region.downPeers())
        .addAllPendingPeers(region.pendingPeers())
        .build();
  }

  private BatchScanRegionsResponse batchScan(BatchScanRegionsRequest request) {
    checkRanges(request.getRangesList());
    Map<Long, RegionRecord> found = new LinkedHashMap<>();
    for (KeyRange range : request.getRangesList()) {
      int left = request.getLimit() > 0 ? request.getLimit() - found.size() : 0;
      if (request.getLimit() > 0 && left <= 0) {
        break;
      }
      List<RegionRecord> part =
          cluster.tree().list(key(range.getStartKey()), key(range.getEndKey()), left);
      boolean isCut = left > 0 && part.size() == left;
      if (request.getContainAllKeyRange() && !covers(part, range, isCut)) {
        throw new PdRefused(
            ErrorType.REGIONS_NOT_CONTAIN_ALL_KEY_RANGE,
            "the known regions do not contain all keys from "
                + key(range.getStartKey())
                + " to "
                + key(range.getEndKey()));
      }
      part.forEach(region -> found.put(region.id(), region));
    }
    BatchScanRegionsResponse.Builder response =
        BatchScanRegionsResponse.newBuilder().setHeader(api.header());
    found.values().forEach(region -> response.addRegions(listed(region)));
    return response.build();
  }

  private static void checkRanges(List<KeyRange> ranges) {
    Key before = Key.EMPTY;
    boolean first = true;
    boolean open = false; // the range before has no end
    for (KeyRange range : ranges) {
      Key start = key(range.getStartKey());
      Key end = key(range.getEndKey());
      boolean isEmpty = !end.isEmpty() && start.compareTo(end) >= 0;
      if (isEmpty || open || (!first && start.compareTo(before) < 0)) {
        throw new PdRefused(
            ErrorType.UNKNOWN, "ranges must be sorted, not empty and must not overlap");
      }
      first = false;
      before = end;
      open = end.isEmpty();
    }
  }

  private static boolean covers(List<RegionRecord> regions, KeyRange range, boolean isCut) {
    Key reached = key(range.getStartKey());
    Key end = key(range.getEndKey());
    for (RegionRecord region : regions) {
      if (region.range().start().compareTo(reached) > 0) {
        return false;
      }
      reached = region.range().end();
      if (reached.isEmpty()) {
        return true;
      }
    }
    return isCut || (!end.isEmpty() && !regions.isEmpty() && reached.compareTo(end) >= 0);
  }

  /** One message of the query stream: lookups by key, by the key after, and by id. */
  CompletableFuture<QueryRegionResponse> query(QueryRegionRequest request) {
    CompletableFuture<QueryRegionResponse> answer = new CompletableFuture<>();
    api.onLoop(
        answer,
        () -> {
          api.check(Handlers.Scope.LEADER, request.getHeader().getClusterId());
          answer.complete(queryNow(request));
        });
    return answer;
  }

  private QueryRegionResponse queryNow(QueryRegionRequest request) {
    QueryRegionResponse.Builder response = QueryRegionResponse.newBuilder().setHeader(api.header());
    if (!cluster.meta().isBootstrapped()) {
      PdRefused refused = new PdRefused(ErrorType.NOT_BOOTSTRAPPED, "cluster is not bootstrapped");
      return response.setHeader(api.header(refused)).build();
    }
    for (ByteString key : request.getKeysList()) {
      response.addKeyIdMap(put(response, cluster.tree().locate(key(key))));
    }
    for (ByteString key : request.getPrevKeysList()) {
      response.addPrevKeyIdMap(put(response, cluster.tree().locateBefore(key(key))));
    }
    for (long id : request.getIdsList()) {
      put(response, cluster.tree().locate(id));
    }
    return response.build();
  }

  private static long put(QueryRegionResponse.Builder response, Optional<RegionRecord> found) {
    if (found.isEmpty()) {
      return 0;
    }
    RegionRecord region = found.get();
    RegionResponse.Builder entry =
        RegionResponse.newBuilder()
            .setRegion(region.region())
            .addAllDownPeers(region.downPeers())
            .addAllPendingPeers(region.pendingPeers());
    if (region.hasLeader()) {
      entry.setLeader(region.leader());
    }
    response.putRegionsById(region.id(), entry.build());
    return region.id();
  }
}
