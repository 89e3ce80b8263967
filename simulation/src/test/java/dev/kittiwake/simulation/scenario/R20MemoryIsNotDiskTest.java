package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/**
 * R20, second part: after a force has failed, what it should have saved can still be read, because
 * memory has it; the disk has not. A store that starts again must write it again before it counts
 * on it, or a power cut later leaves a hole in its log. Found by simulation.
 */
class R20MemoryIsNotDiskTest {
  @Test
  void whatAFailedForceLeftInMemoryIsWrittenAgain() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.put("a", "1");
      int follower = cluster.leaderOf("a") % 3 + 1;
      cluster.disk(follower).failForces(1);
      cluster.put("a", "2");
      cluster.until("the store has stopped", () -> !cluster.store(follower).machine().isRunning());
      cluster.restart(follower);
      for (int i = 0; i < 20; i++) {
        cluster.put("b" + i, "3");
      }
      cluster.advance(3_000);
      cluster.powerCut(follower);
      cluster.restart(follower);
      cluster.transfer("a", follower);
      assertEquals("2", cluster.get("a"));
      assertEquals("3", cluster.get("b19"));
    }
  }
}
