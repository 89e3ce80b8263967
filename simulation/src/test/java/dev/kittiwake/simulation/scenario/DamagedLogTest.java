package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.simulation.world.Options;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The disk of one store keeps something else than what was written to the log, and reports no
 * error. The store must not go on with less than it has acknowledged: together with another one
 * that lags it could lose what the third knows.
 */
class DamagedLogTest {
  private static final int WRITES = 40;

  /** A bit turns in the header of the newest file, in its first record, and in the midst. */
  @ParameterizedTest
  @CsvSource({"0, 1", "9, 1", "25, 1", "40, 1", "60, 2", "300, 3", "1500, 4"})
  void aTurnedBitKeepsTheStoreFromStarting(int position, long seed) throws IOException {
    try (Scenario cluster = Scenario.of(seed, Options.STANDARD)) {
      cluster.transfer("k", 1);
      write(cluster);
      assertTrue(
          cluster.disk(2).rot(newestFile(cluster, 2), position), "nothing has been there long");
      cluster.kill(2);
      refusesToStart(cluster, 2);
      othersServe(cluster);
    }
  }

  /** A write to the log goes nowhere, or to the wrong place; a power cut brings it to light. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMisplacedWriteKeepsTheStoreFromStarting(boolean lost) {
    try (Scenario cluster = Scenario.of(7, Options.STANDARD)) {
      cluster.transfer("k", 1);
      write(cluster);
      cluster.disk(2).misplaceNextWrite(lost);
      write(cluster);
      cluster.kill(2); // the page cache has it right
      cluster.restart(2);
      cluster.until("the store serves", () -> cluster.store(2).access() != null);
      write(cluster);
      cluster.powerCut(2);
      refusesToStart(cluster, 2);
      othersServe(cluster);
    }
  }

  private static void write(Scenario cluster) {
    for (int i = 0; i < WRITES; i++) {
      cluster.put("k" + i, "v" + i);
    }
  }

  private static void othersServe(Scenario cluster) {
    for (int i = 0; i < WRITES; i++) {
      assertEquals("v" + i, cluster.get("k" + i));
    }
    cluster.put("k", "last");
    assertEquals("last", cluster.get("k"));
  }

  private static void refusesToStart(Scenario cluster, int store) {
    cluster.world().onStoreDeath((dead, why) -> {}); // it shall
    cluster.world().onFailedStart((dead, why) -> {});
    cluster.restart(store);
    cluster.advance(3_000);
    assertNull(cluster.store(store).access(), "it serves");
    assertNotNull(cluster.store(store).died(), "it did not end");
    String told = cluster.store(store).died().toString();
    assertTrue(told.contains("restore this store from its peers"), told);
  }

  private static String newestFile(Scenario cluster, int store) throws IOException {
    List<String> names = cluster.disk(store).log().list();
    return names.get(names.size() - 1);
  }
}
