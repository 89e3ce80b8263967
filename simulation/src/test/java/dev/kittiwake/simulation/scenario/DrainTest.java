package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.simulation.world.Options;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that is told to go hands over all it has, and leads nothing in the end. */
class DrainTest {
  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void aDrainedStoreBecomesEmpty(int stores) {
    try (Scenario cluster = Scenario.of(Options.STANDARD.withStores(stores))) {
      for (char key = 'b'; key <= 'h'; key++) {
        cluster.split(String.valueOf(key));
        cluster.put(key + "1", "v");
      }
      cluster.untilReplicated();
      cluster.await(cluster.pd(1).server().drainStore(cluster.store(1).id()));
      cluster.until("the store is empty", 300, () -> cluster.store(1).access().regions().isEmpty());
      for (char key = 'b'; key <= 'h'; key++) {
        assertEquals("v", cluster.get(key + "1"));
      }
    }
  }
}
