package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.Snapshot;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.simulation.world.Options;
import dev.kittiwake.simulation.world.SimClient;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * T06: while rows are being committed asynchronously, their locks are for a moment only in the
 * memory of a store. A scan or a batch of reads that meets one must wait or fail, never skip a row.
 */
class T06AllRowsOrAnErrorTest {
  private static final int ROWS = 10;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void readsBesideCommitsReturnEveryRowOfOneMoment(long seed) {
    try (Scenario cluster = Scenario.of(seed, Options.STANDARD)) {
      write(cluster.client(), 0);
      cluster.split("r3");
      cluster.split("r7");
      SimClient writer = cluster.newClient();
      CompletableFuture<Boolean> writing =
          writer.run(
              "writer",
              () -> {
                for (int round = 1; round <= 60; round++) {
                  write(writer, round);
                }
                return true;
              });
      int reads = 0;
      while (!writing.isDone()) {
        Snapshot snapshot = cluster.client().client().transactions().latestSnapshot();
        List<String> rows = reads++ % 2 == 0 ? scanned(snapshot) : batch(snapshot);
        assertEquals(ROWS, rows.size(), "seed " + seed + ", read " + reads + ": " + rows);
        Set<String> rounds = new LinkedHashSet<>(rows);
        assertEquals(1, rounds.size(), "seed " + seed + ", read " + reads + ": " + rows);
      }
      assertTrue(cluster.await(writing));
      assertTrue(reads > 10, reads + " reads beside the writer");
    }
  }

  private static byte[] row(int i) {
    return Scenario.bytes("r" + i);
  }

  private static void write(SimClient client, int round) {
    try (Transaction txn = client.client().transactions().begin(TransactionOptions.optimistic())) {
      for (int i = 0; i < ROWS; i++) {
        txn.put(row(i), Scenario.bytes("round " + round));
      }
      txn.commit();
    }
  }

  private static List<String> scanned(Snapshot snapshot) {
    List<String> rows = new ArrayList<>();
    try (Scan scan = snapshot.scan(Scenario.bytes("r"), Scenario.bytes("s"), ScanOptions.FORWARD)) {
      while (scan.next()) {
        rows.add(Scenario.text(scan.value()));
      }
    }
    return rows;
  }

  private static List<String> batch(Snapshot snapshot) {
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      keys.add(Key.of("r" + i));
    }
    return snapshot.batchGet(keys).values().stream().map(Scenario::text).toList();
  }
}
