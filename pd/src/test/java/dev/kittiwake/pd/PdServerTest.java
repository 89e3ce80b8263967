package dev.kittiwake.pd;

import static dev.kittiwake.pd.Bootstrapped.await;
import static dev.kittiwake.pd.Bootstrapped.bootstrap;
import static dev.kittiwake.pd.Bootstrapped.peer;
import static dev.kittiwake.pd.Bootstrapped.put;
import static dev.kittiwake.pd.Bootstrapped.region;
import static dev.kittiwake.pd.Bootstrapped.store;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.eraftpb.ConfChangeType;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.pdpb.AskBatchSplitRequest;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GCState;
import dev.kittiwake.proto.pdpb.GetAllStoresRequest;
import dev.kittiwake.proto.pdpb.GetGCStateRequest;
import dev.kittiwake.proto.pdpb.GetMembersRequest;
import dev.kittiwake.proto.pdpb.GetMembersResponse;
import dev.kittiwake.proto.pdpb.GetRegionRequest;
import dev.kittiwake.proto.pdpb.GetRegionResponse;
import dev.kittiwake.proto.pdpb.GetStoreRequest;
import dev.kittiwake.proto.pdpb.PutStoreResponse;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.RequestHeader;
import dev.kittiwake.proto.pdpb.StoreHeartbeatRequest;
import dev.kittiwake.proto.pdpb.StoreStats;
import dev.kittiwake.proto.pdpb.UpdateServiceGCSafePointRequest;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One member in memory, called inside this JVM. */
final class PdServerTest {
  private PdServer server;
  private PdEndpoint pd;

  @BeforeEach
  void start() {
    server = PdServer.start(PdConfig.inMemory());
    pd = server.endpoint();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theOnlyMemberLeadsAndSaysSo() {
    GetMembersResponse members =
        await(pd.call(PdMethod.GET_MEMBERS, GetMembersRequest.getDefaultInstance()));

    assertEquals(server.clusterId(), members.getHeader().getClusterId());
    assertTrue(members.getHeader().getClusterId() != 0);
    assertEquals(1, members.getMembersCount());
    assertEquals(members.getMembers(0), members.getLeader());
    assertEquals(1, members.getLeader().getClientUrlsCount());
  }

  @Test
  void beforeBootstrapRegionsAndStoresAreRefused() {
    GetRegionResponse answer =
        await(pd.call(PdMethod.GET_REGION, GetRegionRequest.getDefaultInstance()));

    assertEquals(ErrorType.NOT_BOOTSTRAPPED, answer.getHeader().getError().getType());
  }

  @Test
  void ofTwoBootstrapsTheFirstWins() {
    assertFalse(bootstrap(pd).getHeader().hasError());
    assertEquals(
        ErrorType.ALREADY_BOOTSTRAPPED,
        bootstrap(pd, store(9), region().toBuilder().setId(10).setPeers(0, peer(11, 9)).build())
            .getHeader()
            .getError()
            .getType());

    GetRegionResponse first =
        await(pd.call(PdMethod.GET_REGION, GetRegionRequest.getDefaultInstance()));
    assertEquals(region(), first.getRegion());
    assertFalse(first.hasLeader());
  }

  @Test
  void aRequestForAnotherClusterIsRefusedByStatus() {
    AllocIDRequest request =
        AllocIDRequest.newBuilder()
            .setHeader(RequestHeader.newBuilder().setClusterId(server.clusterId() + 1))
            .build();

    ExecutionException failure =
        assertThrows(
            ExecutionException.class,
            () -> pd.call(PdMethod.ALLOC_ID, request).get(120, TimeUnit.SECONDS));
    assertEquals(
        Status.Code.FAILED_PRECONDITION,
        ((StatusRuntimeException) failure.getCause()).getStatus().getCode());
    assertThrows(
        ExecutionException.class,
        () -> pd.timestamps(server.clusterId() + 1, 1).get(120, TimeUnit.SECONDS));
  }

  @Test
  void anIdIsTheLastOfItsBlock() {
    long one = await(pd.call(PdMethod.ALLOC_ID, AllocIDRequest.getDefaultInstance())).getId();
    long ten = await(pd.call(PdMethod.ALLOC_ID, ids(10))).getId();
    long many = await(pd.call(PdMethod.ALLOC_ID, ids(5_000))).getId();

    assertEquals(one + 10, ten);
    assertTrue(many - 5_000 >= ten, "5000 ids that end at " + many + " after " + ten);
  }

  private static AllocIDRequest ids(int count) {
    return AllocIDRequest.newBuilder().setCount(count).build();
  }

  @Test
  void anAddressBelongsToOneStore() {
    bootstrap(pd);
    PutStoreResponse refused = put(pd, store(7).toBuilder().setAddress("127.0.0.1:20161").build());

    assertEquals(ErrorType.DUPLICATED_ENTRY, refused.getHeader().getError().getType());
    assertTrue(refused.getHeader().getError().getMessage().contains("127.0.0.1:20161"));
    assertEquals(
        1,
        await(pd.call(PdMethod.GET_ALL_STORES, GetAllStoresRequest.getDefaultInstance()))
            .getStoresCount());
  }

  @Test
  void anUnknownStoreIsNamed() {
    bootstrap(pd);
    String message =
        await(pd.call(PdMethod.GET_STORE, GetStoreRequest.newBuilder().setStoreId(7).build()))
            .getHeader()
            .getError()
            .getMessage();

    assertEquals("invalid store ID 7, not found", message);
  }

  @Test
  void aSplitGetsIdsForRegionsAndPeers() {
    bootstrap(pd);
    var ids =
        await(
                pd.call(
                    PdMethod.ASK_BATCH_SPLIT,
                    AskBatchSplitRequest.newBuilder().setRegion(region()).setSplitCount(3).build()))
            .getIdsList();

    assertEquals(3, ids.size());
    assertEquals(1, ids.get(0).getNewPeerIdsCount());
    assertEquals(
        6,
        ids.stream()
            .flatMap(id -> LongStream.of(id.getNewRegionId(), id.getNewPeerIds(0)).boxed())
            .distinct()
            .count());
  }

  @Test
  void aServiceSafePointHoldsTheGcBack() {
    assertEquals(0, serviceSafePoint("backup", 60, 500));
    assertEquals(500, serviceSafePoint("gc_worker", Long.MAX_VALUE, 900));
    assertEquals(500, gcState().getTxnSafePoint());
    assertEquals(500, serviceSafePoint("gc_worker", Long.MAX_VALUE, 900));

    assertEquals(500, serviceSafePoint("backup", 0, 0));
    assertEquals(900, serviceSafePoint("gc_worker", Long.MAX_VALUE, 900));
    assertEquals(900, gcState().getTxnSafePoint());
  }

  private long serviceSafePoint(String service, long ttl, long ts) {
    return await(
            pd.call(
                PdMethod.UPDATE_SERVICE_GC_SAFE_POINT,
                UpdateServiceGCSafePointRequest.newBuilder()
                    .setServiceId(ByteString.copyFromUtf8(service))
                    .setTTL(ttl)
                    .setSafePoint(ts)
                    .build()))
        .getMinSafePoint();
  }

  private GCState gcState() {
    return await(pd.call(PdMethod.GET_GC_STATE, GetGCStateRequest.getDefaultInstance()))
        .getGcState();
  }

  @Test
  void aNewClusterGrowsByLearnerAndPromotion() throws Exception {
    bootstrap(pd);
    put(pd, store(4));
    heard(1);
    heard(4);
    BlockingQueue<RegionHeartbeatResponse> pushed = new LinkedBlockingQueue<>();
    PdEndpoint.RegionHeartbeats stream = pd.openRegionHeartbeats(pushed::add, cause -> {});

    stream.send(heartbeat(region()));
    RegionHeartbeatResponse add = pushed.poll(120, TimeUnit.SECONDS);
    assertTrue(add.hasChangePeer(), "no learner was asked for: " + add);
    assertEquals(4, add.getChangePeer().getPeer().getStoreId());
    assertEquals(2, add.getRegionId());
    assertEquals(peer(3, 1), add.getTargetPeer());

    var learner = add.getChangePeer().getPeer();
    var grown = region().toBuilder().addPeers(learner);
    grown.getRegionEpochBuilder().setConfVer(2);
    stream.send(heartbeat(grown.build()));
    RegionHeartbeatResponse promote = pushed.poll(120, TimeUnit.SECONDS);
    while (promote.getRegionEpoch().getConfVer() < 2) {
      promote = pushed.poll(120, TimeUnit.SECONDS); // the first step, sent again
    }
    assertEquals(learner.getId(), promote.getChangePeer().getPeer().getId());
    assertEquals(ConfChangeType.AddNode, promote.getChangePeer().getChangeType());
    stream.close();
  }

  private void heard(long storeId) {
    assertFalse(
        await(
                pd.call(
                    PdMethod.STORE_HEARTBEAT,
                    StoreHeartbeatRequest.newBuilder()
                        .setStats(StoreStats.newBuilder().setStoreId(storeId))
                        .build()))
            .getHeader()
            .hasError());
  }

  private static RegionHeartbeatRequest heartbeat(Region region) {
    return RegionHeartbeatRequest.newBuilder()
        .setRegion(region)
        .setLeader(peer(3, 1))
        .setTerm(5)
        .build();
  }

  @Test
  void aHeartbeatFromAnUnknownStoreEndsItsStream() throws Exception {
    bootstrap(pd);
    BlockingQueue<Throwable> closed = new LinkedBlockingQueue<>();
    PdEndpoint.RegionHeartbeats stream = pd.openRegionHeartbeats(response -> {}, closed::add);

    stream.send(heartbeat(region()).toBuilder().setLeader(peer(3, 77)).build());

    Throwable cause = closed.poll(120, TimeUnit.SECONDS);
    assertTrue(cause.getMessage().contains("unknown store 77"), "closed by " + cause);
  }

  @Test
  void timestampsOfManyCallersAreDistinct() {
    var seen = new ConcurrentSkipListSet<Long>();
    IntStream.range(0, 4)
        .mapToObj(
            i ->
                CompletableFuture.runAsync(
                    () -> {
                      long before = 0;
                      for (int n = 0; n < 20_000; n++) {
                        long ts = await(pd.timestamps(0, 1));
                        assertTrue(ts > before, ts + " after " + before);
                        assertTrue(seen.add(ts), ts + " was handed out twice");
                        before = ts;
                      }
                    },
                    task -> new Thread(task).start()))
        .toList()
        .forEach(Bootstrapped::await);
    assertEquals(80_000, seen.size());
  }
}
