package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.simulation.world.Options;
import org.junit.jupiter.api.Test;

/**
 * Garbage is collected one record at a time, with pauses, while others read and the store that
 * serves them dies: what was deleted stays deleted.
 */
class CollectedInStretchesTest {
  private static final int SECONDS = 60;

  private static void commit(Scenario cluster, String key, String value) {
    Transaction txn =
        cluster.client().client().transactions().begin(TransactionOptions.optimistic());
    if (value == null) {
      txn.delete(Scenario.bytes(key));
    } else {
      txn.put(Scenario.bytes(key), Scenario.bytes(value));
    }
    cluster.await(cluster.client().run("commit", txn::commit));
  }

  private static String read(Scenario cluster, String key) {
    return Scenario.text(
        cluster.client().client().transactions().latestSnapshot().get(Scenario.bytes(key)));
  }

  @Test
  void whatWasDeletedStaysDeletedAllTheTime() {
    Options options =
        Options.STANDARD
            .with(KvSetting.GC_POLL, "1s")
            .with(KvSetting.GC_STRETCH, "1B")
            .with(KvSetting.GC_RATE, "64B")
            .withPdSetting("gc.life-time", "10s")
            .withPdSetting("gc.run-interval", "5s");
    try (Scenario cluster = Scenario.of(options)) {
      cluster.transfer("a", 1);
      for (int order = 1; order <= 3; order++) {
        for (int version = 1; version <= 3; version++) {
          commit(cluster, "order " + order, "open " + version);
        }
        commit(cluster, "order " + order, null);
      }
      commit(cluster, "stays", "here");
      for (int second = 0; second < SECONDS; second++) {
        for (int order = 1; order <= 3; order++) {
          assertNull(read(cluster, "order " + order), "order " + order + ", second " + second);
        }
        assertEquals("here", read(cluster, "stays"));
        cluster.advance(1_000);
        if (second == SECONDS / 2) {
          cluster.kill(1);
          cluster.restart(1);
        }
      }
    }
  }
}
