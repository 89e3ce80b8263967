package dev.kittiwake.embedded;

import static dev.kittiwake.embedded.ListeningCluster.bytes;
import static dev.kittiwake.embedded.ListeningCluster.text;
import static dev.kittiwake.embedded.ListeningCluster.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stores are killed and come back under load: what was acknowledged stays, and goes on. */
@Timeout(300)
class KillUnderLoadTest {
  private static final int WRITERS = 8;

  /** What the writers know. */
  private static final class Ledger {
    private final Map<String, String> rawAcknowledged = new ConcurrentHashMap<>();
    private final Map<String, String> committed = new ConcurrentHashMap<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger undetermined = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
  }

  @Test
  void noAcknowledgedWriteIsLostWhenEachStoreIsKilledOnce() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
    try (ListeningCluster cluster = new ListeningCluster();
        ClusterClient client = cluster.connect(Surely.PATIENT)) {
      cluster.splitTxn("m");
      Ledger ledger = new Ledger();
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int number = writer;
        writers.add(pool.submit(() -> write(client, number, ledger)));
      }
      for (int store = 1; store <= 3; store++) {
        awaitProgress(ledger, writers);
        cluster.kill(store);
        awaitProgress(ledger, writers);
        cluster.restart(store);
      }
      awaitProgress(ledger, writers);
      ledger.over.set(true);
      for (Future<?> writer : writers) {
        writer.get(120, TimeUnit.SECONDS);
      }
      verify(cluster, ledger);
    } finally {
      pool.shutdownNow();
    }
  }

  private static void awaitProgress(Ledger ledger, List<Future<?>> writers) throws Exception {
    int goal = ledger.acknowledged.get() + 10 * WRITERS;
    until(
        "the writers go on",
        () -> ledger.acknowledged.get() >= goal || writers.stream().anyMatch(Future::isDone));
    for (Future<?> writer : writers) {
      if (writer.isDone()) {
        writer.get(); // throws what it failed with
      }
    }
  }

  /** Raw puts, and transactions over two regions, one after another. */
  private static void write(ClusterClient client, int writer, Ledger ledger) {
    for (int i = 0; !ledger.over.get(); i++) {
      String key = writer + "/" + i;
      try {
        client.raw().put(bytes("raw/" + key), bytes("r" + i));
        ledger.rawAcknowledged.put("raw/" + key, "r" + i);
        Transaction transaction =
            client
                .transactions()
                .begin(
                    i % 2 == 0
                        ? TransactionOptions.optimistic()
                        : TransactionOptions.optimistic().withAsyncCommit(false));
        transaction.put(bytes("a/" + key), bytes("t" + i));
        transaction.put(bytes("z/" + key), bytes("t" + i));
        transaction.commit();
        ledger.committed.put(key, "t" + i);
        ledger.acknowledged.incrementAndGet();
      } catch (UndeterminedException nobodyKnows) {
        ledger.undetermined.incrementAndGet(); // not acknowledged; may be there or not
      }
    }
  }

  private static void verify(ListeningCluster cluster, Ledger ledger) {
    try (ClusterClient fresh = cluster.connect()) {
      ledger.rawAcknowledged.forEach(
          (key, value) -> assertEquals(value, text(fresh.raw().get(bytes(key))), key));
      var snapshot = fresh.transactions().latestSnapshot();
      ledger.committed.forEach(
          (key, value) -> {
            assertEquals(value, text(snapshot.get(bytes("a/" + key))), key);
            assertEquals(value, text(snapshot.get(bytes("z/" + key))), key);
          });
      assertTrue(ledger.committed.size() >= 70 * WRITERS, "committed " + ledger.committed.size());
    }
  }
}
