package dev.kittiwake.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.pdpb.AdvanceTxnSafePointRequest;
import dev.kittiwake.proto.pdpb.GetGCStateRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Old versions go from every store once the placement driver has moved the safe point. */
@Timeout(300)
class GarbageCollectionTest {
  @Test
  void deletedDataGoesFromEveryStoreWithoutASqlServer() {
    try (LocalCluster cluster = LocalCluster.builder().stores(3).kv(Surely.STEADY).start();
        ClusterClient client = cluster.connect()) {
      for (int round = 0; round < 4; round++) {
        String value = "round " + round + " " + "x".repeat(round * 100); // also long values
        fill(client, 300, value);
      }
      client.splitRegions(List.of(key(100), key(200)), false);
      client.transactions().run(t -> delete(t, 30, 300));
      final long readable = client.transactions().currentTimestamp();
      for (int store = 1; store <= 3; store++) {
        int number = store;
        until("all versions are everywhere", () -> records(cluster, number) == 300 * 4 + 270);
      }
      moveSafePoint(client, readable);
      for (int store = 1; store <= 3; store++) {
        int number = store;
        until(
            "store " + number + " has collected",
            () -> cluster.gcProgress(number).passes() > 0 && records(cluster, number) == 30);
        assertEquals(30, count(cluster, number, Family.DEFAULT), "values of store " + number);
      }
      assertNull(client.transactions().latestSnapshot().get(key(200)));
      assertTrue(
          new String(client.transactions().latestSnapshot().get(key(7)), UTF_8)
              .startsWith("round 3"));
    }
  }

  /** Nobody but the placement driver and the stores: no SQL process, no call. */
  @Test
  void thePlacementDriverMovesTheSafePointByItself() {
    PdConfig pd = PdConfig.inMemory().withSetting(ScheduleSetting.GC_RUN_INTERVAL.key(), "500ms");
    try (LocalCluster cluster =
            LocalCluster.builder()
                .stores(3)
                .pd(pd)
                .kv(Surely.STEADY)
                .listen("127.0.0.1", 0, 0)
                .start();
        ClusterClient client = cluster.connect()) {
      fill(client, 300, "old");
      fill(client, 300, "new " + "x".repeat(400));
      client.transactions().run(t -> delete(t, 30, 300)); // nine of ten
      // Not before: who writes or reads for longer than versions live is rightly refused.
      PdHttp.set(cluster.pdUrl(), ScheduleSetting.GC_LIFE_TIME.key(), "1s");
      for (int store = 1; store <= 3; store++) {
        int number = store;
        until("store " + number + " has collected", () -> records(cluster, number) == 30);
        assertEquals(30, count(cluster, number, Family.DEFAULT), "values of store " + number);
      }
      PdHttp.set(cluster.pdUrl(), ScheduleSetting.GC_LIFE_TIME.key(), "10m");
      assertNull(client.transactions().latestSnapshot().get(key(200)));
    }
  }

  /** Its snapshot must stay whole, and others must see its locks until it is done. */
  @Test
  void aLivingTransactionHoldsTheSafePointBackAndADeadOneDoesNot() throws Exception {
    try (LocalCluster cluster = LocalCluster.builder().stores(3).kv(Surely.STEADY).start();
        ClusterClient client = cluster.connect()) {
      fill(client, 10, "old");
      try (Transaction living = client.transactions().begin(TransactionOptions.pessimistic())) {
        living.put(key(1), "mine".getBytes(UTF_8));
        living.lock(List.of(Key.wrap(key(1))), LockOptions.PLAIN);
        final long began = living.startTs();
        fill(client, 10, 2, "new");
        long target = client.transactions().currentTimestamp();
        moveSafePoint(client, target);
        until("the safe point stands before the transaction", () -> safePoint(client) == began - 1);
        assertArrayEquals("old".getBytes(UTF_8), living.get(key(5)));
        living.commit();
        until("the safe point has followed", () -> safePoint(client) == target);
        until("it is collected", () -> records(cluster, 1) <= 12);
        KvException tooOld =
            assertThrows(
                KvException.class, () -> client.transactions().snapshot(began).get(key(5)));
        assertTrue(tooOld.getMessage().contains("collected up to"), tooOld.getMessage());
      }
    }
  }

  private static void fill(ClusterClient client, int keys, String value) {
    fill(client, keys, 0, value);
  }

  private static void fill(ClusterClient client, int keys, int from, String value) {
    client
        .transactions()
        .run(
            t -> {
              for (int i = from; i < keys; i++) {
                t.put(key(i), value.getBytes(UTF_8));
              }
              return null;
            });
  }

  private static Void delete(Transaction transaction, int from, int to) {
    for (int i = from; i < to; i++) {
      transaction.delete(key(i));
    }
    return null;
  }

  private static byte[] key(int i) {
    return String.format("k%05d", i).getBytes(UTF_8);
  }

  private static void moveSafePoint(ClusterClient client, long target) {
    client
        .pd()
        .call(
            PdMethod.ADVANCE_TXN_SAFE_POINT,
            AdvanceTxnSafePointRequest.newBuilder().setTarget(target).build())
        .join();
  }

  private static long safePoint(ClusterClient client) {
    return client
        .pd()
        .call(PdMethod.GET_GC_STATE, GetGCStateRequest.getDefaultInstance())
        .join()
        .getGcState()
        .getGcSafePoint();
  }

  private static long records(LocalCluster cluster, int store) {
    return count(cluster, store, Family.WRITE);
  }

  private static long count(LocalCluster cluster, int store, Family family) {
    long count = 0;
    try (EngineSnapshot snapshot = cluster.access(store).engine().snapshot();
        EngineCursor cursor = snapshot.cursor(family, new byte[] {'z'}, new byte[] {'z' + 1})) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        count++;
      }
    }
    return count;
  }

  private static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not in time: " + what);
      }
      Thread.onSpinWait();
    }
  }
}
