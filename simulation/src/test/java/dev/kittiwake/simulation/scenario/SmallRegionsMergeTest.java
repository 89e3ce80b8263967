package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.pd.RegionRoute;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.simulation.world.Options;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/**
 * Data grows and regions split by themselves; nearly all of it is deleted, and the placement driver
 * has the small regions merged. Nobody asks for either.
 */
class SmallRegionsMergeTest {
  private static final int KEYS = 240;
  private static final int KEPT = 40; // every so-manieth key is not deleted

  private static Scenario smallRegions() {
    return Scenario.of(
        Options.STANDARD
            .with(KvSetting.REGION_SPLIT_SIZE, "32KiB")
            .with(KvSetting.REGION_MAX_SIZE, "48KiB")
            .with(KvSetting.SPLIT_CHECK_TICK, "1s")
            .with(KvSetting.SPLIT_CHECK_DIFF, "4KiB")
            .with(KvSetting.GC_POLL, "1s")
            .withPdSetting("gc.life-time", "10s")
            .withPdSetting("gc.run-interval", "5s")
            .withPdSetting("schedule.max-merge-region-size", "8KiB")
            .withPdSetting("schedule.max-merge-region-keys", "100")
            .withPdSetting("schedule.split-merge-interval", "2m"));
  }

  /** Enough for one wait after the splits, not for one after each merge. */
  private static final long PATIENCE_SECONDS = 280;

  private static String key(int i) {
    return String.format("key-%04d", i);
  }

  private static String value(int i) {
    return "value " + i + " " + "x".repeat(1_000);
  }

  private static int count(Scenario cluster) {
    return cluster.regions().size();
  }

  private static void awaitRegions(Scenario cluster, long seconds, IntPredicate wanted) {
    for (long i = 0; i < seconds && !wanted.test(count(cluster)); i++) {
      cluster.advance(1_000);
    }
    assertTrue(wanted.test(count(cluster)), () -> cluster.regions().toString());
  }

  private static void checkThatRegionsTile(Scenario cluster) {
    List<RegionRoute> regions = cluster.regions();
    for (int i = 0; i < regions.size(); i++) {
      Region region = regions.get(i).region();
      assertEquals(i == 0, region.getStartKey().isEmpty(), regions.toString());
      assertEquals(i == regions.size() - 1, region.getEndKey().isEmpty(), regions.toString());
      if (i > 0) {
        assertEquals(regions.get(i - 1).region().getEndKey(), region.getStartKey());
      }
    }
  }

  /** Every store has exactly the regions that the placement driver knows. */
  private static void awaitNothingLeftOver(Scenario cluster) {
    int regions = count(cluster);
    cluster.until(
        "stores hold what there is",
        120,
        () ->
            cluster.world().stores().stream()
                .allMatch(store -> store.access().regions().size() == regions));
  }

  @Test
  void regionsOfDeletedRawKeysMerge() {
    try (Scenario cluster = smallRegions()) {
      for (int i = 0; i < KEYS; i++) {
        cluster.put(key(i), value(i));
      }
      awaitRegions(cluster, 120, count -> count >= 6);
      for (int i = 0; i < KEYS; i++) {
        if (i % KEPT != 0) {
          cluster.await(cluster.client().raw().delete(Scenario.bytes(key(i))));
        }
      }
      awaitRegions(cluster, PATIENCE_SECONDS, count -> count == 1);
      checkThatRegionsTile(cluster);
      awaitNothingLeftOver(cluster);
      for (int i = 0; i < KEYS; i++) {
        assertEquals(i % KEPT == 0 ? value(i) : null, cluster.get(key(i)), key(i));
      }
      cluster.put("another", "value");
      assertEquals("value", cluster.get("another"));
    }
  }

  /** Versions that nobody may read any more are collected first, without a SQL server. */
  @Test
  void regionsOfDeletedTransactionalKeysMerge() {
    try (Scenario cluster = smallRegions()) {
      for (int from = 0; from < KEYS; from += 20) {
        int begin = from;
        cluster.txn(
            txn -> {
              for (int i = begin; i < begin + 20; i++) {
                txn.put(Scenario.bytes(key(i)), Scenario.bytes(value(i)));
              }
            });
      }
      awaitRegions(cluster, 120, count -> count >= 6);
      for (int from = 0; from < KEYS; from += 20) {
        int begin = from;
        cluster.txn(
            txn -> {
              for (int i = begin; i < begin + 20; i++) {
                if (i % KEPT != 0) {
                  txn.delete(Scenario.bytes(key(i)));
                }
              }
            });
      }
      awaitRegions(cluster, PATIENCE_SECONDS, count -> count == 1);
      checkThatRegionsTile(cluster);
      awaitNothingLeftOver(cluster);
      for (int i = 0; i < KEYS; i++) {
        if (i % KEPT == 0) {
          assertEquals(value(i), cluster.read(key(i)));
        } else {
          assertNull(cluster.read(key(i)), key(i));
        }
      }
      cluster.txn(txn -> txn.put(Scenario.bytes(key(1)), Scenario.bytes("back")));
      assertEquals("back", cluster.read(key(1)));
    }
  }
}
