package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.simulation.world.Options;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R13: the power of one store fails and takes its unsynced tail; then the only other store that has
 * the newest writes is cut off. What was acknowledged must be there all the same.
 */
class R13UnsyncedTailTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anAcknowledgedWriteOutlivesAPowerCutAndACut(long seed) {
    try (Scenario cluster = Scenario.of(seed, Options.STANDARD)) {
      int leader = cluster.leaderOf("k");
      int other = leader % 3 + 1;
      int third = other % 3 + 1;
      // The third hears nothing: leader and one other make up the quorum of what follows.
      cluster.isolate(third);
      for (int i = 0; i < 50; i++) {
        cluster.put("k" + i, "v" + i);
      }
      cluster.powerCut(other);
      cluster.restart(other);
      cluster.heal();
      cluster.isolate(leader);
      // Now the pair of the one that lost its tail and the one that never heard decides.
      for (int i = 0; i < 50; i++) {
        assertEquals("v" + i, cluster.get("k" + i));
      }
    }
  }
}
