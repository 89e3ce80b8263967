package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.simulation.world.SimClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * T11: a client whose picture of the regions is old finds its way, and where there is none it stops
 * when its time is over, after a bounded number of tries.
 */
class T11StaleRegionsTest {
  @Test
  void aClientWithAnOldPictureFindsItsWay() {
    try (Scenario cluster = Scenario.of(3)) {
      SimClient old = cluster.newClient();
      write(old, 0); // now it knows the one region
      for (String key : new String[] {"k2", "k4", "k6", "k8"}) {
        cluster.split(key);
      }
      for (int i = 0; i < 10; i += 2) {
        cluster.transfer("k" + (i + 1), 1 + i / 2 % 3);
      }
      Wire wire = Wire.of(cluster, old);
      CompletableFuture<Boolean> writing = old.run("write", () -> write(old, 1));
      cluster.until("the write", 10, writing::isDone);
      assertTrue(writing.join());
      int calls = wire.sent(call -> call.method().startsWith("Kv")).size();
      assertTrue(calls < 100, calls + " calls");
      for (int i = 0; i < 10; i++) {
        assertEquals("1", cluster.read("k" + i));
      }
    }
  }

  private static boolean write(SimClient client, int value) {
    try (Transaction txn = client.client().transactions().begin(TransactionOptions.optimistic())) {
      for (int i = 0; i < 10; i++) {
        txn.put(Scenario.bytes("k" + i), Scenario.bytes(Integer.toString(value)));
      }
      txn.commit();
      return true;
    }
  }

  @Test
  void aDeadlineEndsTheSearchForALeader() {
    try (Scenario cluster = Scenario.of(3)) {
      SimClient client = cluster.newClient();
      write(client, 0);
      cluster.kill(1);
      cluster.kill(2);
      Wire wire = Wire.of(cluster, client);
      Transaction txn = client.client().transactions().begin(TransactionOptions.optimistic());
      txn.setDeadline(Duration.ofSeconds(3));
      long before = cluster.world().time().now();
      KvException told = assertThrows(KvException.class, () -> txn.get(Scenario.bytes("k1")));
      long millis = (cluster.world().time().now() - before) / 1_000_000;
      assertTrue(millis < 3_500, "ended after " + millis + " ms: " + told);
      int calls = wire.sent(call -> true).size();
      assertTrue(calls < 300, calls + " calls");
    }
  }

  @Test
  void withoutADeadlineTheBudgetEndsTheSearch() {
    try (Scenario cluster = Scenario.of(3)) {
      SimClient client = cluster.newClient();
      cluster.await(client.raw().put(Scenario.bytes("k"), Scenario.bytes("1"), 0));
      cluster.kill(1);
      cluster.kill(2);
      Wire wire = Wire.of(cluster, client);
      long before = cluster.world().time().now();
      CompletableFuture<byte[]> reading = client.raw().get(Scenario.bytes("k"));
      cluster.until("the end of the budget", 40, reading::isDone);
      assertTrue(reading.isCompletedExceptionally());
      long millis = (cluster.world().time().now() - before) / 1_000_000;
      assertTrue(millis < 30_000, "ended after " + millis + " ms");
      int calls = wire.sent(call -> true).size();
      assertTrue(calls < 1_000, calls + " calls");
    }
  }
}
