package dev.kittiwake.client.fake;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdpb.*;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The placement driver of a {@link FakeCluster}. */
public final class FakePd implements PdEndpoint {
  private final FakeCluster cluster;
  public final AtomicInteger timestampRequests = new AtomicInteger();

  /** Calls fail with this while it is set. */
  public volatile Status down;

  /** Timestamp requests wait for this if it is set. */
  public volatile CompletableFuture<Void> timestampGate;

  public volatile long safePoint; // up to which garbage has been collected

  FakePd(FakeCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <Q, R> CompletableFuture<R> call(PdMethod<Q, R> method, Q request) {
    if (down != null) {
      return CompletableFuture.failedFuture(down.asRuntimeException());
    }
    synchronized (cluster) {
      return (CompletableFuture<R>) CompletableFuture.completedFuture(answer(method, request));
    }
  }

  private Object answer(PdMethod<?, ?> method, Object request) {
    ResponseHeader header =
        ResponseHeader.newBuilder().setClusterId(FakeCluster.CLUSTER_ID).build();
    if (request instanceof GetMembersRequest) {
      return GetMembersResponse.newBuilder()
          .setHeader(header)
          .setLeader(Member.newBuilder().setMemberId(1).addClientUrls("http://127.0.0.1:1"))
          .build();
    } else if (request instanceof GetRegionRequest get) {
      Key key = FakeMessages.key(get.getRegionKey());
      Region region =
          method == PdMethod.GET_PREV_REGION ? cluster.regionBelow(key) : cluster.regionAt(key);
      return response(header, region);
    } else if (request instanceof GetRegionByIDRequest get) {
      return response(header, cluster.region(get.getRegionId()));
    } else if (request instanceof ScanRegionsRequest) {
      var response = ScanRegionsResponse.newBuilder().setHeader(header);
      cluster
          .regions()
          .forEach(
              region ->
                  response.addRegions(
                      dev.kittiwake.proto.pdpb.Region.newBuilder()
                          .setRegion(region)
                          .setLeader(cluster.leader(region.getId()))));
      return response.build();
    } else if (request instanceof GetStoreRequest get) {
      return GetStoreResponse.newBuilder()
          .setHeader(header)
          .setStore(
              Store.newBuilder()
                  .setId(get.getStoreId())
                  .setAddress(cluster.address(get.getStoreId())))
          .build();
    } else if (request instanceof GetGCSafePointRequest) {
      return GetGCSafePointResponse.newBuilder().setHeader(header).setSafePoint(safePoint).build();
    } else if (request instanceof AllocIDRequest) {
      return AllocIDResponse.newBuilder()
          .setHeader(
              header.toBuilder()
                  .setError(
                      dev.kittiwake.proto.pdpb.Error.newBuilder()
                          .setType(ErrorType.INVALID_VALUE)
                          .setMessage("no ids today")))
          .build();
    }
    throw new IllegalArgumentException("no such call: " + method);
  }

  private Object response(ResponseHeader header, Region region) {
    return GetRegionResponse.newBuilder()
        .setHeader(header)
        .setRegion(region)
        .setLeader(cluster.leader(region.getId()))
        .build();
  }

  @Override
  public CompletableFuture<Long> timestamps(long clusterId, int count) {
    timestampRequests.incrementAndGet();
    if (down != null) {
      return CompletableFuture.failedFuture(down.asRuntimeException());
    }
    CompletableFuture<Void> gate = timestampGate;
    return gate == null
        ? CompletableFuture.completedFuture(cluster.timestamps(count))
        : gate.thenApply(open -> cluster.timestamps(count));
  }

  @Override
  public RegionHeartbeats openRegionHeartbeats(
      Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> closed) {
    throw new UnsupportedOperationException("no store sends heartbeats to a fake");
  }
}
