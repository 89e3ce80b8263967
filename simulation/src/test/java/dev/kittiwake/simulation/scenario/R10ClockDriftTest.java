package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * R10: the clock of the leader runs slow, those of the others fast. Within the bound that the lease
 * allows for (a seventh of its length, both together) nothing stale is read; beyond it no
 * acknowledged write may be lost either.
 */
class R10ClockDriftTest {
  @ParameterizedTest
  @CsvSource({"0.95, 1.05, true", "0.8, 1.2, false", "0.5, 2.0, false"})
  void slowLeadersAndFastFollowersLoseNothing(double leader, double others, boolean within) {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.put("k", "0");
      int old = cluster.leaderOf("k");
      for (int store = 1; store <= 3; store++) {
        cluster.drift(store, store == old ? leader : others);
      }
      cluster.advance(3_000);
      for (int i = 1; i <= 5; i++) {
        int leads = cluster.leaderOf("k");
        cluster.isolateFromStores(leads);
        cluster.advance(2_500); // long enough for a new leader, short enough for an old lease
        cluster.put("k", "" + i);
        if (within) {
          assertEquals("" + i, cluster.get("k"), "a stale read in round " + i);
        }
        cluster.heal();
        cluster.advance(3_000);
        assertEquals("" + i, cluster.get("k"), "a lost write in round " + i);
      }
    }
  }
}
