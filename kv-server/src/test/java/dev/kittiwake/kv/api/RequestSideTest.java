package dev.kittiwake.kv.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.kv.RequestSide;
import dev.kittiwake.kv.region.OneRegion;
import dev.kittiwake.proto.kvrpcpb.CommitRequest;
import dev.kittiwake.proto.kvrpcpb.CommitResponse;
import dev.kittiwake.proto.kvrpcpb.GetRequest;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import dev.kittiwake.proto.kvrpcpb.Mutation;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockRequest;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockResponse;
import dev.kittiwake.proto.kvrpcpb.PessimisticRollbackRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest.PessimisticAction;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.kvrpcpb.RawCASRequest;
import dev.kittiwake.proto.kvrpcpb.RawCASResponse;
import dev.kittiwake.proto.kvrpcpb.RawChecksumRequest;
import dev.kittiwake.proto.kvrpcpb.RawDeleteRequest;
import dev.kittiwake.proto.kvrpcpb.RawGetRequest;
import dev.kittiwake.proto.kvrpcpb.RawPutRequest;
import dev.kittiwake.proto.kvrpcpb.RawScanRequest;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.proto.tikvpb.BatchCommandsRequest;
import dev.kittiwake.proto.tikvpb.BatchCommandsResponse;
import dev.kittiwake.proto.tikvpb.TikvGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a request message to the data of a region and back, for raw and transactional calls. */
class RequestSideTest {
  private static final long WAIT_SECONDS = 120;

  private final OneRegion region = new OneRegion();
  private final AtomicLong oracle = new AtomicLong(1_000);
  private ScheduledExecutorService timer;
  private KvApi api;
  private RequestSide side;

  @BeforeEach
  void start() {
    timer = Executors.newSingleThreadScheduledExecutor();
    side =
        new RequestSide(
            region,
            oracleOnly(),
            (address, request) ->
                CompletableFuture.failedFuture(new IllegalStateException("no other store")),
            new RequestSide.Runtime(timer, timer, timer, Runnable::run, System::nanoTime),
            new RequestSide.Limits(10_000, 20, 100, 1_000));
    api = side.api();
  }

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  /** A placement driver that knows nothing but the time. */
  private PdClient oracleOnly() {
    return (PdClient)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {PdClient.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("timestamp")) {
                return CompletableFuture.completedFuture(oracle.incrementAndGet());
              }
              throw new IllegalStateException(method + " is not expected");
            });
  }

  @Test
  void rawValuesComeBackAndCompareAndSwapSeesThem() throws Exception {
    call(
        KvMethod.RAW_PUT,
        RawPutRequest.newBuilder().setKey(bytes("a")).setValue(bytes("1")).build());
    call(
        KvMethod.RAW_PUT,
        RawPutRequest.newBuilder().setKey(ByteString.EMPTY).setValue(ByteString.EMPTY).build());

    assertEquals(
        "1",
        call(KvMethod.RAW_GET, RawGetRequest.newBuilder().setKey(bytes("a")).build())
            .getValue()
            .toStringUtf8());
    assertFalse(
        call(KvMethod.RAW_GET, RawGetRequest.newBuilder().build()).getNotFound(),
        "the empty key has a value");
    assertTrue(
        call(KvMethod.RAW_GET, RawGetRequest.newBuilder().setKey(bytes("b")).build())
            .getNotFound());

    RawCASRequest swap =
        RawCASRequest.newBuilder()
            .setKey(bytes("a"))
            .setPreviousValue(bytes("1"))
            .setValue(bytes("2"))
            .build();
    assertTrue(call(KvMethod.RAW_COMPARE_AND_SWAP, swap).getSucceed());
    RawCASResponse again = call(KvMethod.RAW_COMPARE_AND_SWAP, swap);
    assertFalse(again.getSucceed());
    assertEquals("2", again.getPreviousValue().toStringUtf8());
  }

  /** What makes room, and what ends transactions, is taken; what needs room is not. */
  @Test
  void onAFullDiskReadsAndDeletesGoOn() throws Exception {
    RawPutRequest put = RawPutRequest.newBuilder().setKey(bytes("a")).setValue(bytes("1")).build();
    call(KvMethod.RAW_PUT, put);
    region.writeGate().onDisk(1_000, 99, 100);
    assertTrue(call(KvMethod.RAW_PUT, put).getRegionError().hasDiskFull());
    assertTrue(
        call(
                KvMethod.RAW_COMPARE_AND_SWAP,
                RawCASRequest.newBuilder()
                    .setKey(bytes("a"))
                    .setPreviousValue(bytes("1"))
                    .setValue(bytes("2"))
                    .build())
            .getRegionError()
            .hasDiskFull());
    assertTrue(prewrite(Op.Put, 10).getRegionError().hasDiskFull());
    assertFalse(
        call(KvMethod.RAW_GET, RawGetRequest.newBuilder().setKey(bytes("a")).build())
            .getNotFound());
    assertFalse(
        call(KvMethod.RAW_DELETE, RawDeleteRequest.newBuilder().setKey(bytes("a")).build())
            .hasRegionError());
    assertFalse(prewrite(Op.Del, 20).hasRegionError());
    CommitResponse committed =
        call(
            KvMethod.KV_COMMIT,
            CommitRequest.newBuilder()
                .addKeys(bytes("t"))
                .setStartVersion(20)
                .setCommitVersion(30)
                .build());
    assertFalse(committed.hasRegionError() || committed.hasError(), committed.toString());
    region.writeGate().onDisk(1_000, 500, 100);
    assertFalse(call(KvMethod.RAW_PUT, put).hasRegionError());
  }

  private PrewriteResponse prewrite(Op op, long startTs) throws Exception {
    return call(
        KvMethod.KV_PREWRITE,
        PrewriteRequest.newBuilder()
            .addMutations(Mutation.newBuilder().setOp(op).setKey(bytes("t")).setValue(bytes("v")))
            .setPrimaryLock(bytes("t"))
            .setStartVersion(startTs)
            .setLockTtl(3_000)
            .build());
  }

  @Test
  void rawScansGoBothWaysAndStopAtTheLimit() throws Exception {
    for (String key : List.of("a", "b", "c", "d")) {
      call(
          KvMethod.RAW_PUT,
          RawPutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(key + key)).build());
    }
    var forward =
        call(
            KvMethod.RAW_SCAN,
            RawScanRequest.newBuilder()
                .setStartKey(bytes("b"))
                .setEndKey(bytes("d"))
                .setLimit(10)
                .build());
    assertEquals(
        "[b, c]",
        forward.getKvsList().stream()
            .map(pair -> pair.getKey().toStringUtf8())
            .toList()
            .toString());
    var backward =
        call(
            KvMethod.RAW_SCAN,
            RawScanRequest.newBuilder()
                .setStartKey(bytes("d"))
                .setReverse(true)
                .setLimit(2)
                .build());
    assertEquals(
        "[c, b]",
        backward.getKvsList().stream()
            .map(pair -> pair.getKey().toStringUtf8())
            .toList()
            .toString());
  }

  @Test
  void theChecksumDoesNotDependOnOrder() throws Exception {
    call(
        KvMethod.RAW_PUT,
        RawPutRequest.newBuilder().setKey(bytes("1234")).setValue(bytes("56789")).build());
    var sum =
        call(
            KvMethod.RAW_CHECKSUM,
            RawChecksumRequest.newBuilder()
                .addRanges(dev.kittiwake.proto.kvrpcpb.KeyRange.getDefaultInstance())
                .build());
    assertEquals(0x995DC9BBDF1939FAL, sum.getChecksum(), "the check value of the algorithm");
    assertEquals(1, sum.getTotalKvs());
    assertEquals(9, sum.getTotalBytes());
  }

  @Test
  void aValueIsSeenFromItsCommitOnAndItsLockBefore() throws Exception {
    assertEquals(0, prewrite(10, "k", "v").getErrorsCount());
    assertEquals(10, get("k", 20).getError().getLocked().getLockVersion());
    assertTrue(get("k", 9).getNotFound(), "older readers are not disturbed");

    assertFalse(commit(10, 15, "k").hasError());
    assertEquals("v", get("k", 20).getValue().toStringUtf8());
    assertEquals(15, get("k", 20).getCommitTs());
    assertTrue(get("k", 14).getNotFound());

    PrewriteResponse late = prewrite(12, "k", "w");
    assertEquals(15, late.getErrors(0).getConflict().getConflictCommitTs());
    assertFalse(late.getErrors(0).getRetryable().isEmpty());
  }

  @Test
  void aPessimisticLockWaitsUntilTheOtherIsGivenUp() throws Exception {
    assertEquals(0, lock(10, 10, "k", true).get(WAIT_SECONDS, TimeUnit.SECONDS).getErrorsCount());
    CompletableFuture<PessimisticLockResponse> second = lock(20, 20, "k", true);
    assertFalse(second.isDone(), "waits");

    call(
        KvMethod.KV_PESSIMISTIC_ROLLBACK,
        PessimisticRollbackRequest.newBuilder()
            .setStartVersion(10)
            .setForUpdateTs(10)
            .addKeys(bytes("k"))
            .build());
    assertEquals(0, second.get(WAIT_SECONDS, TimeUnit.SECONDS).getErrorsCount());
  }

  @Test
  void aWaitThatWouldCloseACycleIsRefused() throws Exception {
    region.gainLeadership(); // wakes the detector
    lock(10, 10, "a", true).get(WAIT_SECONDS, TimeUnit.SECONDS);
    lock(20, 20, "b", true).get(WAIT_SECONDS, TimeUnit.SECONDS);
    CompletableFuture<PessimisticLockResponse> first = lock(10, 10, "b", false);
    assertFalse(first.isDone(), "waits");

    PessimisticLockResponse second = lock(20, 20, "a", false).get(WAIT_SECONDS, TimeUnit.SECONDS);
    assertEquals(10, second.getErrors(0).getDeadlock().getLockTs());
    assertEquals(2, second.getErrors(0).getDeadlock().getWaitChainCount());
    assertFalse(first.isDone(), "only the newcomer is refused");
  }

  @Test
  void waitersAreSentAwayWhenLeadershipIsLost() throws Exception {
    region.gainLeadership();
    lock(10, 10, "k", true).get(WAIT_SECONDS, TimeUnit.SECONDS);
    CompletableFuture<PessimisticLockResponse> waiting = lock(20, 20, "k", true);
    region.loseLeadership();
    assertTrue(waiting.get(WAIT_SECONDS, TimeUnit.SECONDS).getRegionError().hasNotLeader());
  }

  @Test
  void aPessimisticLockCostsNoReplicationAndIsLostWithLeadership() throws Exception {
    region.gainLeadership();
    lock(10, 10, "k", true).get(WAIT_SECONDS, TimeUnit.SECONDS);
    assertEquals(0, region.writes(), "only the leader knows the lock");
    CompletableFuture<PessimisticLockResponse> other = lock(20, 20, "k", true);
    assertFalse(other.isDone(), "it is held all the same");

    region.loseLeadership();
    assertTrue(other.get(WAIT_SECONDS, TimeUnit.SECONDS).getRegionError().hasNotLeader());
    region.gainLeadership();
    assertEquals(0, lock(30, 30, "k", true).get(WAIT_SECONDS, TimeUnit.SECONDS).getErrorsCount());
  }

  @Test
  void whoseLockWasLostCommitsOnlyIfNobodyWroteTheKey() throws Exception {
    region.gainLeadership();
    for (String key : List.of("quiet", "busy")) {
      lock(10, 10, key, true).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
    region.loseLeadership();
    region.gainLeadership();
    prewrite(20, "busy", "other");
    commit(20, 25, "busy");

    PrewriteRequest.Builder quiet =
        prewriteRequest(10, "quiet", "v")
            .setForUpdateTs(10)
            .addPessimisticActions(PessimisticAction.DO_PESSIMISTIC_CHECK);
    assertEquals(0, call(KvMethod.KV_PREWRITE, quiet.build()).getErrorsCount());
    PrewriteRequest.Builder busy =
        prewriteRequest(10, "busy", "v")
            .setForUpdateTs(10)
            .addPessimisticActions(PessimisticAction.DO_PESSIMISTIC_CHECK);
    assertFalse(call(KvMethod.KV_PREWRITE, busy.build()).getErrors(0).getAbort().isEmpty());
  }

  @Test
  void anUnreplicatedLockGivesWayToThePrewriteOfItsTransaction() throws Exception {
    region.gainLeadership();
    lock(10, 10, "k", true).get(WAIT_SECONDS, TimeUnit.SECONDS);
    PrewriteRequest.Builder own =
        prewriteRequest(10, "k", "v")
            .setForUpdateTs(10)
            .addPessimisticActions(PessimisticAction.DO_PESSIMISTIC_CHECK);
    assertEquals(0, call(KvMethod.KV_PREWRITE, own.build()).getErrorsCount());
    assertEquals(
        10,
        get("k", 20).getError().getLocked().getLockVersion(),
        "readers see the prewrite's lock");
    assertFalse(commit(10, 15, "k").hasError());
    assertEquals("v", get("k", 20).getValue().toStringUtf8());
    assertEquals(
        0,
        lock(30, 30, "k", true).get(WAIT_SECONDS, TimeUnit.SECONDS).getErrorsCount(),
        "nothing is left locked");
  }

  @Test
  void onePhaseCommitNeedsAFreshTimestampOfThisLeadership() throws Exception {
    PrewriteRequest.Builder onePhase =
        prewriteRequest(2_000, "k", "v").setTryOnePc(true).setMinCommitTs(2_001);
    assertTrue(
        call(KvMethod.KV_PREWRITE, onePhase.build()).getRegionError().hasMaxTimestampNotSynced());

    region.gainLeadership();
    get("k", 5_000);
    PrewriteResponse committed = call(KvMethod.KV_PREWRITE, onePhase.build());
    assertTrue(
        committed.getOnePcCommitTs() > 5_000, "above the read that did not see it: " + committed);
    assertEquals("v", get("k", committed.getOnePcCommitTs()).getValue().toStringUtf8());
  }

  @Test
  void aLongWaitInABatchStreamHoldsNothingElseUp() throws Exception {
    lock(10, 10, "k", true).get(WAIT_SECONDS, TimeUnit.SECONDS);
    Server server =
        InProcessServerBuilder.forName("batch")
            .directExecutor()
            .addServices(side.services().stream().map(service -> service.bindService()).toList())
            .build()
            .start();
    ManagedChannel channel = InProcessChannelBuilder.forName("batch").directExecutor().build();
    try {
      LinkedBlockingQueue<BatchCommandsResponse> replies = new LinkedBlockingQueue<>();
      StreamObserver<BatchCommandsRequest> stream =
          TikvGrpc.newStub(channel).batchCommands(into(replies));
      stream.onNext(
          BatchCommandsRequest.newBuilder()
              .addRequestIds(1)
              .addRequests(KvMethod.KV_PESSIMISTIC_LOCK.wrapRequest(lockRequest(20, 20, "k", true)))
              .addRequestIds(2)
              .addRequests(
                  KvMethod.KV_GET.wrapRequest(
                      GetRequest.newBuilder().setKey(bytes("x")).setVersion(30).build()))
              .build());
      BatchCommandsResponse first = replies.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      assertEquals(List.of(2L), first.getRequestIdsList());
      assertTrue(first.getResponses(0).getGet().getNotFound());

      call(
          KvMethod.KV_PESSIMISTIC_ROLLBACK,
          PessimisticRollbackRequest.newBuilder()
              .setStartVersion(10)
              .setForUpdateTs(10)
              .addKeys(bytes("k"))
              .build());
      BatchCommandsResponse second = replies.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      assertEquals(List.of(1L), second.getRequestIdsList());
      assertTrue(second.getResponses(0).hasPessimisticLock());
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  private static StreamObserver<BatchCommandsResponse> into(
      LinkedBlockingQueue<BatchCommandsResponse> replies) {
    return new StreamObserver<>() {
      @Override
      public void onNext(BatchCommandsResponse response) {
        replies.add(response);
      }

      @Override
      public void onError(Throwable broken) {}

      @Override
      public void onCompleted() {}
    };
  }

  private PrewriteResponse prewrite(long startTs, String key, String value) throws Exception {
    return call(KvMethod.KV_PREWRITE, prewriteRequest(startTs, key, value).build());
  }

  private static PrewriteRequest.Builder prewriteRequest(long startTs, String key, String value) {
    return PrewriteRequest.newBuilder()
        .addMutations(Mutation.newBuilder().setOp(Op.Put).setKey(bytes(key)).setValue(bytes(value)))
        .setPrimaryLock(bytes(key))
        .setStartVersion(startTs)
        .setLockTtl(3_000);
  }

  private dev.kittiwake.proto.kvrpcpb.CommitResponse commit(long startTs, long commitTs, String key)
      throws Exception {
    return call(
        KvMethod.KV_COMMIT,
        CommitRequest.newBuilder()
            .setStartVersion(startTs)
            .setCommitVersion(commitTs)
            .addKeys(bytes(key))
            .build());
  }

  private GetResponse get(String key, long version) throws Exception {
    return call(
        KvMethod.KV_GET, GetRequest.newBuilder().setKey(bytes(key)).setVersion(version).build());
  }

  private CompletableFuture<PessimisticLockResponse> lock(
      long startTs, long forUpdateTs, String key, boolean first) {
    return api.call(KvMethod.KV_PESSIMISTIC_LOCK, lockRequest(startTs, forUpdateTs, key, first));
  }

  private static PessimisticLockRequest lockRequest(
      long startTs, long forUpdateTs, String key, boolean first) {
    return PessimisticLockRequest.newBuilder()
        .addMutations(Mutation.newBuilder().setOp(Op.PessimisticLock).setKey(bytes(key)))
        .setPrimaryLock(bytes(key))
        .setStartVersion(startTs)
        .setForUpdateTs(forUpdateTs)
        .setIsFirstLock(first)
        .setLockTtl(20_000)
        .setWaitTimeout(10_000)
        .build();
  }

  private <Q, R> R call(KvMethod<Q, R> method, Q request) throws Exception {
    return api.call(method, request).get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
