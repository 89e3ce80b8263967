package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.junit.jupiter.api.Test;

/**
 * R20: a force fails once. The store must stop at once and never try again: the next force would
 * succeed although the data is gone. It starts again from what its disk holds.
 */
class R20FailedForceTest {
  @Test
  void aStoreWhoseForceFailedStopsAndComesBackFromItsDisk() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.put("a", "1");
      int leader = cluster.leaderOf("a");
      cluster.disk(leader).failForces(1);
      cluster.put("a", "2");
      cluster.until("the store has stopped", () -> !cluster.store(leader).machine().isRunning());
      assertNotNull(cluster.store(leader).died());
      cluster.put("b", "3");
      cluster.powerCut(leader); // the pages that the failed force left in memory are gone as well
      cluster.restart(leader);
      cluster.transfer("a", leader);
      assertEquals("2", cluster.get("a"));
      assertEquals("3", cluster.get("b"));
    }
  }
}
