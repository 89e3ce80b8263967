package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.Bootstrapped.await;
import static dev.kittiwake.pd.Bootstrapped.bootstrap;
import static dev.kittiwake.pd.Bootstrapped.region;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import dev.kittiwake.pd.PdStartException;
import dev.kittiwake.proto.etcdserverpb.ClusterGrpc;
import dev.kittiwake.proto.etcdserverpb.KVGrpc;
import dev.kittiwake.proto.etcdserverpb.MemberListRequest;
import dev.kittiwake.proto.etcdserverpb.RangeRequest;
import dev.kittiwake.proto.pdpb.PDGrpc;
import dev.kittiwake.proto.pdpb.QueryRegionRequest;
import dev.kittiwake.proto.pdpb.QueryRegionResponse;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.RequestHeader;
import dev.kittiwake.proto.pdpb.SplitRegionsRequest;
import dev.kittiwake.proto.pdpb.SplitRegionsResponse;
import dev.kittiwake.proto.pdpb.TsoRequest;
import dev.kittiwake.proto.pdpb.TsoResponse;
import dev.kittiwake.proto.pdpb.UpdateGCSafePointRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tikv.common.TiConfiguration;
import org.tikv.common.TiSession;
import org.tikv.common.meta.TiTimestamp;
import org.tikv.common.util.ConcreteBackOffer;

/** Everything that a client does with the one port of a member. */
final class OnePortTest {
  private PdServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    server = PdServer.start(PdConfig.inMemory().withListen("127.0.0.1:0"));
    bootstrap(server.endpoint());
    URI uri = URI.create(server.clientUrl());
    channel = NettyChannelBuilder.forAddress(uri.getHost(), uri.getPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  /** Collects the responses of a stream until it ends. */
  private static final class Collector<R> implements StreamObserver<R> {
    private final List<R> seen = new ArrayList<>();
    private final CompletableFuture<List<R>> all = new CompletableFuture<>();

    @Override
    public void onNext(R response) {
      seen.add(response);
    }

    @Override
    public void onError(Throwable cause) {
      all.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
      all.complete(seen);
    }
  }

  @Test
  void nothingIsPushedOnAStreamThatHasEnded() {
    Collector<RegionHeartbeatResponse> responses = new Collector<>();
    StreamObserver<RegionHeartbeatRequest> requests =
        PDGrpc.newStub(channel).regionHeartbeat(responses);
    RegionHeartbeatRequest good =
        RegionHeartbeatRequest.newBuilder()
            .setHeader(RequestHeader.newBuilder().setClusterId(server.clusterId()))
            .setRegion(region())
            .setLeader(region().getPeers(0))
            .build();
    requests.onNext(good);
    requests.onNext(good.toBuilder().setHeader(RequestHeader.newBuilder().setClusterId(7)).build());
    assertThrows(AssertionError.class, () -> await(responses.all));

    // The placement driver would tell the region's leader; it cannot, and that is all.
    SplitRegionsResponse split =
        await(
            server
                .endpoint()
                .call(
                    PdMethod.SPLIT_REGIONS,
                    SplitRegionsRequest.newBuilder()
                        .addSplitKeys(ByteString.copyFromUtf8("m"))
                        .build()));

    assertEquals(0, split.getFinishedPercentage());
    assertEquals(List.of(), responses.seen);
  }

  @Test
  void pipelinedTimestampsComeInOrderAndHalfCloseEndsTheStream() {
    Collector<TsoResponse> responses = new Collector<>();
    StreamObserver<TsoRequest> requests = PDGrpc.newStub(channel).tso(responses);
    for (int count = 1; count <= 100; count++) {
      requests.onNext(
          TsoRequest.newBuilder()
              .setHeader(RequestHeader.newBuilder().setClusterId(server.clusterId()))
              .setCount(count)
              .build());
    }
    requests.onCompleted();

    List<TsoResponse> all = await(responses.all);
    assertEquals(100, all.size());
    long before = 0;
    for (int i = 0; i < 100; i++) {
      TsoResponse one = all.get(i);
      long ts = (one.getTimestamp().getPhysical() << 18) + one.getTimestamp().getLogical();
      assertEquals(i + 1, one.getCount());
      assertTrue(ts - one.getCount() >= before, ts + " (" + one.getCount() + ") after " + before);
      before = ts;
    }
  }

  @Test
  void aTimestampForAnotherClusterEndsTheStream() {
    Collector<TsoResponse> responses = new Collector<>();
    PDGrpc.newStub(channel)
        .tso(responses)
        .onNext(
            TsoRequest.newBuilder()
                .setHeader(RequestHeader.newBuilder().setClusterId(1))
                .setCount(1)
                .build());
    AssertionError failure = assertThrows(AssertionError.class, () -> await(responses.all));
    assertTrue(failure.getMessage().contains("FAILED_PRECONDITION"), failure.getMessage());
  }

  @Test
  void regionsAreFoundOverTheQueryStream() {
    Collector<QueryRegionResponse> responses = new Collector<>();
    StreamObserver<QueryRegionRequest> requests = PDGrpc.newStub(channel).queryRegion(responses);
    requests.onNext(
        QueryRegionRequest.newBuilder()
            .addKeys(ByteString.copyFromUtf8("k"))
            .addPrevKeys(ByteString.copyFromUtf8("k"))
            .addIds(77)
            .build());
    requests.onCompleted();

    QueryRegionResponse response = await(responses.all).get(0);
    assertEquals(List.of(2L), response.getKeyIdMapList());
    assertEquals(List.of(0L), response.getPrevKeyIdMapList());
    assertEquals(1, response.getRegionsByIdCount());
  }

  @Test
  void etcdClientsFindMembersAndTheSafePoint() {
    var members =
        ClusterGrpc.newBlockingStub(channel).memberList(MemberListRequest.getDefaultInstance());
    assertEquals(server.clientUrl(), members.getMembers(0).getClientURLs(0));
    assertEquals("pd-1", members.getMembers(0).getName());

    RangeRequest key =
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("/tidb/store/gcworker/saved_safe_point"))
            .build();
    assertEquals(0, KVGrpc.newBlockingStub(channel).range(key).getCount());
    await(
        server
            .endpoint()
            .call(
                PdMethod.UPDATE_GC_SAFE_POINT,
                UpdateGCSafePointRequest.newBuilder().setSafePoint(123).build()));
    assertEquals(
        "123", KVGrpc.newBlockingStub(channel).range(key).getKvs(0).getValue().toStringUtf8());
  }

  @Test
  void theHealthServiceAnswers() {
    assertEquals(
        ServingStatus.SERVING,
        HealthGrpc.newBlockingStub(channel)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatus());
  }

  @Test
  void httpIsServedOnTheSamePort() throws Exception {
    assertEquals(1, get(200, "/pd/api/v1/stores").get("count").asInt());
    JsonNode region = get(200, "/pd/api/v1/region/id/2");
    assertEquals("Voter", region.get("peers").get(0).get("role_name").asText());
    assertEquals(2, get(200, "/pd/api/v1/region/key/abc").get("id").asInt());
    assertEquals("pd-1", get(200, "/pd/api/v1/leader").get("name").asText());
    assertTrue(get(404, "/pd/api/v1/store/9").asText().contains("invalid store ID 9"));
    assertTrue(get(404, "/nonsense").asText().contains("/nonsense"));

    assertEquals("false", get(200, "/pd/api/v1/checker/merge").get("paused").asText());
    send(200, "POST", "/pd/api/v1/checker/merge", "{\"delay\": 60}");
    assertEquals("true", get(200, "/pd/api/v1/checker/merge").get("paused").asText());
  }

  @Test
  void settingsAreChangedWhollyOrNotAtAll() throws Exception {
    String path = "/pd/api/v1/config/replicate";
    send(200, "POST", path, "{\"max-replicas\": 5}");
    assertEquals(5, get(200, path).get("max-replicas").asInt());
    String refused = send(400, "POST", path, "{\"max-replicas\": 7, \"no-such\": 1}").asText();
    assertTrue(refused.contains("no-such"), refused);
    assertTrue(send(400, "POST", path, "{\"max-replicas\": 0}").asText().contains("max-replicas"));
    assertEquals(5, get(200, path).get("max-replicas").asInt());
  }

  @Test
  void metricsNameWhatTheMemberKnows() throws Exception {
    await(server.endpoint().timestamps(0, 5));
    String page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(server.clientUrl() + "/metrics")).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    for (String line :
        List.of(
            "kittiwake_pd_leader 1.0",
            "pd_cluster_status{type=\"store_up_count\"} 1.0",
            "pd_cluster_status{type=\"region_count\"} 1.0",
            "pd_regions_status{type=\"miss-peer-count\"} 1.0",
            "pd_tso_events_total{type=\"timestamps\"} 5.0")) {
      assertTrue(page.contains(line + "\n"), line + " is missing in\n" + page);
    }
  }

  private JsonNode get(int status, String path) throws Exception {
    return send(status, "GET", path, "");
  }

  private JsonNode send(int status, String method, String path, String body) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(server.clientUrl() + path))
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(status, response.statusCode(), response.body());
    return new ObjectMapper().readTree(response.body());
  }

  @Test
  void aTakenPortIsNamed() {
    String taken = URI.create(server.clientUrl()).getAuthority();
    PdStartException failure =
        assertThrows(
            PdStartException.class, () -> PdServer.start(PdConfig.inMemory().withListen(taken)));
    assertTrue(failure.getMessage().contains(taken), failure.getMessage());
  }

  @Test
  void tikvsJavaClientFindsItsWay() throws Exception {
    TiConfiguration config =
        TiConfiguration.createDefault(URI.create(server.clientUrl()).getAuthority());
    config.setWarmUpEnable(false);
    config.setTimeout(10_000);
    try (TiSession session = TiSession.create(config)) {
      TiTimestamp first = session.getPDClient().getTimestamp(ConcreteBackOffer.newTsoBackOff(0L));
      TiTimestamp second = session.getPDClient().getTimestamp(ConcreteBackOffer.newTsoBackOff(0L));
      assertTrue(second.getVersion() > first.getVersion());
      assertEquals(
          "127.0.0.1:20161",
          session.getPDClient().getStore(ConcreteBackOffer.newGetBackOff(0L), 1).getAddress());
      assertEquals(
          2,
          session
              .getPDClient()
              .getRegionByKey(
                  ConcreteBackOffer.newGetBackOff(0L),
                  org.tikv.shade.com.google.protobuf.ByteString.EMPTY)
              .first
              .getId());
    }
  }
}
