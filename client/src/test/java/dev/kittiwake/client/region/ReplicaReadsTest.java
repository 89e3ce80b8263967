package dev.kittiwake.client.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClientTestBase;
import dev.kittiwake.client.fake.FakeCluster;
import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.Snapshot;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.errorpb.DataIsNotReady;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.GetRequest;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import dev.kittiwake.proto.rpc.KvMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads go to the replicas that the caller wants, and to the leader where those refuse. */
class ReplicaReadsTest extends ClientTestBase {
  private final List<String> asked = new ArrayList<>(); // of the gets: store and wish
  private long notReady = -1; // a store that answers DataIsNotReady
  private long lost = -1; // a store whose answers do not arrive

  @BeforeEach
  void watch() {
    given("a=1", "b=2", "c=3");
    cluster.splitStored(dev.kittiwake.proto.key.MemComparable.encode(k("b")));
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> before(long store, KvMethod<?, ?> method, Object request) {
            if (!(request instanceof GetRequest get)) {
              return null;
            }
            Context context = get.getContext();
            asked.add(
                store
                    + (context.getReplicaRead() ? " replica" : "")
                    + (context.getStaleRead() ? " stale" : ""));
            if (store == lost) {
              return FakeCluster.LOST;
            }
            return store == notReady && context.getStaleRead()
                ? CompletableFuture.completedFuture(
                    GetResponse.newBuilder()
                        .setRegionError(
                            Error.newBuilder().setDataIsNotReady(DataIsNotReady.newBuilder()))
                        .build())
                : null;
          }
        };
  }

  private List<String> reading(ReadFrom from, int times) {
    Snapshot snapshot = transactions.snapshot(transactions.currentTimestamp(), from);
    snapshot.get(b("a")); // regions are known from here on
    asked.clear();
    for (int i = 0; i < times; i++) {
      assertEquals("1", s(snapshot.get(b("a"))));
    }
    return asked.stream().sorted().toList();
  }

  @Test
  void readsGoToTheLeaderUnlessToldOtherwise() {
    assertEquals(List.of("1", "1", "1"), reading(ReadFrom.LEADER, 3));
  }

  @Test
  void followersTakeTurns() {
    assertEquals(
        List.of("2 replica", "2 replica", "3 replica", "3 replica"), reading(ReadFrom.FOLLOWER, 4));
  }

  @Test
  void allTakeTurnsAndTheLeaderNeedsNoRound() {
    assertEquals(List.of("1", "2 replica", "3 replica"), reading(ReadFrom.ANY, 3));
  }

  @Test
  void thePastIsReadWithoutAskingTheLeader() {
    assertEquals(List.of("1 stale", "2 stale", "3 stale"), reading(ReadFrom.STALE, 3));
  }

  @Test
  void whoIsNotReadyLeavesTheReadToTheLeader() {
    notReady = 2;
    assertEquals(List.of("1", "1 stale", "2 stale", "3 stale"), reading(ReadFrom.STALE, 3));
  }

  @Test
  void aReplicaThatDoesNotAnswerCostsOneAttempt() {
    lost = 3;
    assertEquals(List.of("1", "2 replica", "3 replica"), reading(ReadFrom.FOLLOWER, 2));
    lost = -1;
  }

  @Test
  void batchesAndScansGoTheSameWay() {
    Snapshot snapshot = transactions.snapshot(transactions.currentTimestamp(), ReadFrom.FOLLOWER);
    assertEquals(3, snapshot.batchGet(List.of(k("a"), k("b"), k("c"), k("d"))).size());
    try (Scan scan = snapshot.scan(b("a"), b(""), ScanOptions.FORWARD)) {
      int pairs = 0;
      while (scan.next()) {
        pairs++;
      }
      assertEquals(3, pairs);
    }
  }

  @Test
  void aTransactionMayReadAtReplicasAndWritesAtLeaders() {
    try (Transaction transaction =
        transactions.begin(TransactionOptions.optimistic().withReads(ReadFrom.FOLLOWER))) {
      asked.clear();
      assertEquals("1", s(transaction.get(b("a"))));
      assertTrue(asked.get(0).endsWith("replica"), asked.toString());
      transaction.put(b("a"), b("9"));
      transaction.commit();
    }
    assertEquals("9", s(transactions.latestSnapshot().get(b("a"))));
    assertThrows(
        IllegalArgumentException.class,
        () -> TransactionOptions.optimistic().withReads(ReadFrom.STALE));
  }

  @Test
  void rawReadsMayGoToReplicasToo() {
    client.raw().put(b("r"), b("1"));
    var replicas = client.raw().readingFrom(ReadFrom.ANY);
    for (int i = 0; i < 3; i++) {
      assertEquals("1", s(replicas.get(b("r"))));
    }
    assertEquals(1, replicas.batchGet(List.of(k("r"))).size());
    assertThrows(IllegalArgumentException.class, () -> client.raw().readingFrom(ReadFrom.STALE));
  }
}
