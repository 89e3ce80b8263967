package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.simulation.world.Options;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The fixture itself: data passes, machines fall and come back. */
class FirstStepsTest {
  @Test
  void whatIsPutIsRead() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.put("a", "1");
      assertEquals("1", cluster.get("a"));
      cluster.txn(txn -> txn.put(Scenario.bytes("t"), Scenario.bytes("2")));
      assertEquals("2", cluster.read("t"));
    }
  }

  @Test
  void aKilledLeaderIsReplacedAndComesBack() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.put("a", "1");
      int leader = cluster.leaderOf("a");
      cluster.kill(leader);
      cluster.put("a", "2");
      assertTrue(cluster.leaderOf("a") != leader);
      cluster.restart(leader);
      cluster.transfer("a", leader);
      assertEquals("2", cluster.get("a"));
    }
  }

  @Test
  void aCallBesideTheStoryGoesOnWhileOthersHappen() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.txn(txn -> txn.put(Scenario.bytes("k"), Scenario.bytes("0")));
      CompletableFuture<String> beside =
          cluster.beside(
              () -> {
                cluster
                    .client()
                    .client()
                    .transactions()
                    .run(
                        txn -> {
                          txn.put(Scenario.bytes("k"), Scenario.bytes("1"));
                          return null;
                        });
                return "done";
              });
      assertEquals("done", cluster.await(beside));
      assertEquals("1", cluster.read("k"));
    }
  }

  @Test
  void threeMembersOfThePlacementDriverLoseOne() {
    try (Scenario cluster = Scenario.of(Options.STANDARD.withPds(3))) {
      cluster.put("a", "1");
      int leading = cluster.leadingPd();
      cluster.pd(leading).kill();
      cluster.txn(txn -> txn.put(Scenario.bytes("k"), Scenario.bytes("1")));
      assertEquals("1", cluster.read("k"));
      cluster.pd(leading).start();
      cluster.advance(5_000);
      cluster.put("a", "2");
    }
  }
}
