package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.simulation.world.Options;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R12: a store loses its power in the middle of applying, at any of its uses of the disk. Data and
 * applied index are one: what was applied before is there, or is applied again.
 */
class R12TornApplyTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aPowerCutBetweenAnyTwoUsesOfTheDiskLosesNothing(int use) {
    try (Scenario cluster = Scenario.of(use, Options.STANDARD)) {
      cluster.put("k", "1");
      int torn = cluster.leaderOf("k") % 3 + 1;
      for (int i = 0; i < 5; i++) {
        cluster.put("k" + i, "v" + i);
      }
      cluster.disk(torn).crashAfter(use, () -> cluster.powerCut(torn));
      for (int i = 5; i < 12; i++) {
        cluster.put("k" + i, "v" + i);
      }
      cluster.until("its power is cut", () -> !cluster.store(torn).machine().isRunning());
      cluster.restart(torn);
      cluster.transfer("k", torn);
      for (int i = 0; i < 12; i++) {
        assertEquals("v" + i, cluster.get("k" + i));
      }
    }
  }
}
