package dev.kittiwake.embedded;

import static dev.kittiwake.embedded.ListeningCluster.bytes;
import static dev.kittiwake.embedded.ListeningCluster.text;
import static dev.kittiwake.embedded.ListeningCluster.until;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.DeadlockException;
import dev.kittiwake.client.error.LockTimeoutException;
import dev.kittiwake.client.pd.RegionRoute;
import dev.kittiwake.client.rpc.GrpcKvRpc;
import dev.kittiwake.client.txn.CommitResult;
import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.UnsafeDestroyRangeRequest;
import dev.kittiwake.proto.pdpb.GetRegionRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RequestHeader;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our own client over gRPC, as another process would use it. */
@Timeout(300)
class GrpcClientTest {
  private static ListeningCluster cluster;
  private static ClusterClient client;
  private static ClusterClient other; // as of another process
  private static ExecutorService pool;

  @BeforeAll
  static void start() {
    cluster = new ListeningCluster();
    cluster.splitTxn("d", "m", "s");
    cluster.settleLeaders();
    client = cluster.connect(Surely.PATIENT);
    other = cluster.connect(Surely.PATIENT);
    pool = Executors.newCachedThreadPool();
  }

  @AfterAll
  static void stop() {
    pool.shutdownNow();
    client.close();
    other.close();
    cluster.close();
  }

  private static String read(ClusterClient by, String key) {
    return text(by.transactions().latestSnapshot().get(bytes(key)));
  }

  private static <T> T finish(Future<T> future) throws Exception {
    return future.get(120, TimeUnit.SECONDS);
  }

  @Test
  void rawPairsWrittenByOneAreReadByTheOther() {
    Map<Key, byte[]> pairs = new LinkedHashMap<>();
    for (int i = 0; i < 500; i++) {
      pairs.put(Key.of(String.format("raw/%03d", i)), bytes("v" + i));
    }
    client.raw().batchPut(pairs);
    assertEquals(500, other.raw().batchGet(pairs.keySet()).size());
    assertEquals(500, other.raw().scan(bytes("raw/"), bytes("raw0"), 1_000).size());
    assertArrayEquals(
        bytes("raw/499"), other.raw().reverseScan(bytes("raw/"), bytes("raw0"), 1).get(0).key());
    assertTrue(other.raw().compareAndSwap(bytes("raw/000"), bytes("v0"), bytes("w")).swapped());
    assertFalse(client.raw().compareAndSwap(bytes("raw/000"), bytes("v0"), bytes("x")).swapped());
    client.raw().deleteRange(bytes("raw/"), bytes("raw0"));
    assertEquals(List.of(), other.raw().scan(bytes("raw/"), bytes("raw0"), 10));
  }

  @Test
  void eachWayToCommitIsSeenByTheOtherClient() {
    assertEquals(CommitResult.Path.ONE_PHASE, write(true, "a/1", "a/2").path());
    assertEquals(CommitResult.Path.ASYNC, write(true, "a/3", "n/3", "t/3").path());
    assertEquals(CommitResult.Path.TWO_PHASE, write(false, "a/4", "n/4", "t/4").path());
    for (String key : List.of("a/1", "a/2", "a/3", "n/3", "t/3", "a/4", "n/4", "t/4")) {
      assertEquals("value of " + key, read(other, key));
    }
    CommitResult later = write(true, "a/3", "n/3");
    assertEquals(
        "value of n/3", text(other.transactions().snapshot(later.commitTs()).get(bytes("n/3"))));
  }

  private static CommitResult write(boolean shortCuts, String... keys) {
    TransactionOptions options =
        TransactionOptions.optimistic().withAsyncCommit(shortCuts).withOnePhaseCommit(shortCuts);
    Transaction transaction = client.transactions().begin(options);
    for (String key : keys) {
      transaction.put(bytes(key), bytes("value of " + key));
    }
    return transaction.commit();
  }

  @Test
  void aLargeTransactionInAllRegionsIsScannedBothWays() {
    Transaction transaction = client.transactions().begin(TransactionOptions.optimistic());
    int each = 400;
    for (String first : List.of("c/", "e/", "p/", "u/")) {
      for (int i = 0; i < each; i++) {
        transaction.put(bytes(first + String.format("%04d", i)), new byte[1_000]);
      }
    }
    transaction.commit();
    for (ScanOptions way : List.of(ScanOptions.FORWARD, ScanOptions.REVERSE)) {
      int seen = 0;
      String last = null;
      try (Scan scan = other.transactions().latestSnapshot().scan(bytes("c/"), new byte[0], way)) {
        while (scan.next()) {
          String key = text(scan.key());
          if (key.length() == 6 && "cepu".indexOf(key.charAt(0)) >= 0) {
            assertTrue(last == null || way.reverse() == (key.compareTo(last) < 0), key);
            last = key;
            seen++;
          }
        }
      }
      assertEquals(4 * each, seen);
    }
  }

  @Test
  void sixtyFourThreadsShareTheStreamsAndGetTheirOwnAnswers() throws Exception {
    List<Future<Integer>> all = new ArrayList<>();
    for (int thread = 0; thread < 64; thread++) {
      String prefix = "many/" + thread + "/";
      all.add(
          pool.submit(
              () -> {
                int wrong = 0;
                for (int i = 0; i < 20; i++) {
                  client.raw().put(bytes(prefix + i), bytes(prefix + i));
                }
                for (int i = 0; i < 20; i++) {
                  wrong += (prefix + i).equals(text(client.raw().get(bytes(prefix + i)))) ? 0 : 1;
                }
                return wrong;
              }));
    }
    for (Future<Integer> one : all) {
      assertEquals(0, finish(one));
    }
  }

  @Test
  void countersOfManyThreadsAndTwoClientsLoseNoIncrement() throws Exception {
    client.transactions().run(txn -> put(txn, "count", "0"));
    List<Future<?>> all = new ArrayList<>();
    for (int thread = 0; thread < 8; thread++) {
      ClusterClient mine = thread % 2 == 0 ? client : other;
      all.add(
          pool.submit(
              () -> {
                for (int i = 0; i < 10; i++) {
                  mine.transactions()
                      .run(
                          txn -> {
                            byte[] old =
                                txn.lock(List.of(Key.of("count")), LockOptions.VALUES)
                                    .value(Key.of("count"));
                            return put(txn, "count", "" + (Integer.parseInt(text(old)) + 1));
                          });
                }
              }));
    }
    for (Future<?> one : all) {
      finish(one);
    }
    assertEquals("80", read(other, "count"));
  }

  private static Object put(Transaction txn, String key, String value) {
    txn.put(bytes(key), bytes(value));
    return null;
  }

  @Test
  void aPessimisticLockKeepsTheOtherClientWaitingUntilTheCommit() throws Exception {
    client.transactions().run(txn -> put(txn, "lock", "old"));
    Transaction first = client.transactions().begin(TransactionOptions.pessimistic());
    first.lock(List.of(Key.of("lock")), LockOptions.PLAIN);
    Transaction hasty = other.transactions().begin(TransactionOptions.pessimistic());
    assertThrows(
        LockTimeoutException.class,
        () -> hasty.lock(List.of(Key.of("lock")), LockOptions.PLAIN.withNoWait()));
    hasty.rollback();

    Transaction second = other.transactions().begin(TransactionOptions.pessimistic());
    Future<String> seen =
        pool.submit(
            () ->
                text(
                    second
                        .lock(List.of(Key.of("lock")), LockOptions.VALUES)
                        .value(Key.of("lock"))));
    until("the second waits in a store", () -> waitingForLocks() > 0);
    assertFalse(seen.isDone());
    first.put(bytes("lock"), bytes("new"));
    first.commit();
    assertEquals("new", finish(seen), "it locks what the first has committed");
    second.rollback();
  }

  private static int waitingForLocks() {
    return stores(
            KvMethod.GET_LOCK_WAIT_INFO,
            dev.kittiwake.proto.kvrpcpb.GetLockWaitInfoRequest.getDefaultInstance())
        .stream()
        .mapToInt(response -> response.getEntriesCount())
        .sum();
  }

  /** Asks each store on its own, over gRPC. */
  private static <Q, R> List<R> stores(KvMethod<Q, R> method, Q request) {
    ClientRuntime runtime = ClientRuntime.production();
    try (GrpcKvRpc rpc = new GrpcKvRpc(ClientConfig.DEFAULT, runtime)) {
      return cluster.storeAddresses().stream()
          .map(address -> rpc.endpoint(address).call(method, request).join())
          .toList();
    } finally {
      runtime.close();
    }
  }

  @Test
  void aDeadlockAcrossTwoStoresIsFoundAndOnlyOneGivesWay() throws Exception {
    String one = "b";
    String two =
        Stream.of("f", "o", "x")
            .filter(key -> cluster.leadingTxn(key) != cluster.leadingTxn(one))
            .findFirst()
            .orElseThrow();
    Transaction first = client.transactions().begin(TransactionOptions.pessimistic());
    Transaction second = other.transactions().begin(TransactionOptions.pessimistic());
    first.lock(List.of(Key.of(one)), LockOptions.PLAIN);
    second.lock(List.of(Key.of(two)), LockOptions.PLAIN);
    Future<Boolean> firstGotIt = pool.submit(lockOrDeadlock(first, two));
    Future<Boolean> secondGotIt = pool.submit(lockOrDeadlock(second, one));
    assertNotEquals(finish(firstGotIt), finish(secondGotIt), "exactly one is refused");
    first.rollback();
    second.rollback();
  }

  /** Whether the lock was taken; who meets the deadlock gives everything back. */
  private static Callable<Boolean> lockOrDeadlock(Transaction transaction, String key) {
    return () -> {
      try {
        transaction.lock(List.of(Key.of(key)), LockOptions.PLAIN);
        return true;
      } catch (DeadlockException refused) {
        transaction.rollback();
        return false;
      }
    };
  }

  @Test
  void timestampsOfManyThreadsAndClientsAreUniqueAndGrow() throws Exception {
    Set<Long> seen = ConcurrentHashMap.newKeySet();
    List<Future<Integer>> all = new ArrayList<>();
    for (int thread = 0; thread < 16; thread++) {
      ClusterClient mine = thread % 2 == 0 ? client : other;
      all.add(
          pool.submit(
              () -> {
                long last = 0;
                for (int i = 0; i < 200; i++) {
                  long next = mine.transactions().currentTimestamp();
                  assertTrue(Long.compareUnsigned(next, last) > 0, last + " then " + next);
                  last = next;
                  seen.add(next);
                }
                return 200;
              }));
    }
    for (Future<Integer> one : all) {
      finish(one);
    }
    assertEquals(16 * 200, seen.size());
  }

  @Test
  void aRegionHeartbeatArrivesThroughTheStream() {
    RegionRoute route = client.pd().region(new byte[0]).join();
    long pending =
        route.region().getPeersList().stream()
            .filter(peer -> peer.getId() != route.leader().getId())
            .findFirst()
            .orElseThrow()
            .getId();
    AtomicReference<Throwable> closed = new AtomicReference<>();
    try (PdEndpoint.RegionHeartbeats heartbeats =
        client.pd().openRegionHeartbeats(response -> {}, closed::set)) {
      until(
          "the placement driver knows what the heartbeat says",
          () -> {
            RegionRoute now = client.pd().region(new byte[0]).join();
            RegionHeartbeatRequest.Builder heartbeat =
                RegionHeartbeatRequest.newBuilder()
                    .setHeader(
                        RequestHeader.newBuilder().setClusterId(client.pd().clusterId().join()))
                    .setRegion(now.region())
                    .setLeader(now.leader())
                    .setTerm(Integer.MAX_VALUE);
            now.region().getPeersList().stream()
                .filter(peer -> peer.getId() == pending)
                .forEach(heartbeat::addPendingPeers);
            heartbeats.send(heartbeat.build());
            return client
                .pd()
                .call(PdMethod.GET_REGION, GetRegionRequest.getDefaultInstance())
                .join()
                .getPendingPeersList()
                .stream()
                .anyMatch(peer -> peer.getId() == pending);
          });
      assertNull(closed.get());
    }
  }

  @Test
  void aStoreDestroysARangeAndRefusesPushDownInWords() {
    client.transactions().run(txn -> put(txn, "gone/1", "v"));
    client.transactions().run(txn -> put(txn, "gonf", "v"));
    stores(
            KvMethod.UNSAFE_DESTROY_RANGE,
            UnsafeDestroyRangeRequest.newBuilder()
                .setStartKey(ByteString.copyFromUtf8("gone/"))
                .setEndKey(ByteString.copyFromUtf8("gone0"))
                .build())
        .forEach(response -> assertEquals("", response.getError()));
    assertNull(read(client, "gone/1"));
    assertEquals("v", read(client, "gonf"));
    stores(
            KvMethod.COPROCESSOR,
            dev.kittiwake.proto.coprocessor.Request.newBuilder().setTp(103).build())
        .forEach(response -> assertTrue(response.getOtherError().contains("coprocessor")));
  }
}
