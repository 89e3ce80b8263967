package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.simulation.world.Options;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * T09: a transaction lives longer than old versions do. It hears so in words; it never sees data of
 * another time, and never writes on such a basis.
 */
class T09OutlivedByGarbageTest {
  private static Scenario collecting() {
    return Scenario.of(
        Options.STANDARD
            .with(KvSetting.GC_POLL, "1s")
            .withPdSetting("gc.life-time", "10s")
            .withPdSetting("gc.run-interval", "5s"));
  }

  private static void overwrite(Scenario cluster, int rounds) {
    for (int i = 1; i <= rounds; i++) {
      String value = "new " + i;
      cluster.txn(txn -> txn.put(Scenario.bytes("k"), Scenario.bytes(value)));
      cluster.advance(10_000);
    }
  }

  @Test
  void aReaderThatIsTooOldIsTold() {
    try (Scenario cluster = collecting()) {
      cluster.txn(txn -> txn.put(Scenario.bytes("k"), Scenario.bytes("old")));
      TransactionClient client = cluster.client().client().transactions();
      Transaction old = client.begin(TransactionOptions.optimistic());
      assertEquals("old", Scenario.text(old.get(Scenario.bytes("k"))));
      overwrite(cluster, 12);

      KvException told = assertThrows(KvException.class, () -> old.get(Scenario.bytes("k")));
      assertTrue(told.getMessage().contains("collected"), told.getMessage());
      old.put(Scenario.bytes("other"), Scenario.bytes("derived from old"));
      KvException refused = assertThrows(KvException.class, old::commit);
      assertTrue(refused.getMessage().contains("collected"), refused.getMessage());
      assertTrue(!(refused instanceof UndeterminedException), refused.toString());
      assertEquals(null, cluster.read("other"));
      assertEquals("new 12", cluster.read("k"));
    }
  }

  @Test
  void aTransactionThatHoldsALockIsWaitedFor() {
    try (Scenario cluster = collecting()) {
      cluster.txn(txn -> txn.put(Scenario.bytes("k"), Scenario.bytes("old")));
      TransactionClient client = cluster.client().client().transactions();
      Transaction living = client.begin(TransactionOptions.pessimistic());
      living.lock(List.of(Key.of("mine")), LockOptions.PLAIN);
      overwrite(cluster, 12);
      assertEquals("old", Scenario.text(living.get(Scenario.bytes("k"))));
      living.put(Scenario.bytes("mine"), Scenario.bytes("1"));
      living.commit();
      assertEquals("1", cluster.read("mine"));
    }
  }
}
