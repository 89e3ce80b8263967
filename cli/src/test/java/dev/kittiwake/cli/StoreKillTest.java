package dev.kittiwake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.client.ClusterClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, {@code kill -9}, and a ledger of what clients were told. */
class StoreKillTest {
  @TempDir Path directory;

  @Test
  void noAcknowledgedWriteIsLostWhenTheLeadersStoreIsKilledAndComesBack() throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start(directory);
        ClusterClient client = cluster.connect()) {
      RawLedger ledger = new RawLedger(client, 4, System::nanoTime);
      ledger.start();
      ledger.awaitWrites(300);
      int victim = cluster.leader();
      cluster.store(victim).kill();
      ledger.awaitWrites(300);
      cluster.store(victim).start();
      cluster.store(victim).awaitReady();
      ledger.awaitWrites(300);
      ledger.stop();
      System.out.println("kill -9 of the leader's store: " + ledger.summary());
      assertEquals(List.of(), ledger.differences(client), cluster::output);

      // A placement driver that was killed learns at once who leads.
      cluster.pd().kill();
      cluster.pd().start();
      cluster.pd().awaitReady();
      ProcessCluster.until("PD has heard who leads", cluster::leaderKnown);

      // What is left without this one is a majority only with the store that came back.
      cluster.store((victim + 1) % ProcessCluster.STORES).kill();
      assertEquals(List.of(), ledger.differences(client), cluster::output);
    }
  }
}
