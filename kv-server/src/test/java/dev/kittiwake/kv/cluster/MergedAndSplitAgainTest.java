package dev.kittiwake.kv.cluster;

import static dev.kittiwake.kv.cluster.MergeTest.awaitOneRegion;
import static dev.kittiwake.kv.cluster.MergeTest.expectAllData;
import static dev.kittiwake.kv.cluster.MergeTest.follower;
import static dev.kittiwake.kv.cluster.MergeTest.left;
import static dev.kittiwake.kv.cluster.MergeTest.right;
import static dev.kittiwake.kv.cluster.MergeTest.twoRegions;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.proto.key.Key;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store is away while two regions merge and the result is split elsewhere. No snapshot covers the
 * replica of the region that ended; it has to go all the same when the region that took it in comes
 * back as a snapshot, or none of them ever could.
 */
class MergedAndSplitAgainTest {
  private static final KvConfig SHORT_LOGS =
      KvConfig.fastTest().with(KvSetting.LOG_GC_COUNT_LIMIT, "50");

  /** Two regions, of which {@code away} knows only what they were before. */
  private static SimCluster mergedAndSplit(long seed, String at) {
    SimCluster cluster = twoRegions(SimCluster.replicated(seed, 3, SHORT_LOGS));
    SimStore away = follower(cluster, "a", "z");
    cluster.cutOff.add(away.node.storeId());
    cluster.pd.merge(left(cluster), right(cluster));
    awaitOneRegion(cluster);
    Target merged = cluster.leader("a");
    cluster.await(merged.store().access().split(merged.view(), List.of(Key.of(at))));
    cluster.until("two regions", () -> cluster.pd.regionList().size() == 2 && cluster.tiles());
    for (int i = 0; i < 150; i++) {
      cluster.put("b" + i % 10, "v" + i);
      cluster.put("t" + i % 10, "v" + i);
    }
    cluster.time.run(1_000); // logs are cut
    return cluster;
  }

  private static SimStore away(SimCluster cluster) {
    long id = cluster.cutOff.iterator().next();
    return cluster.stores.values().stream()
        .filter(store -> store.node.storeId() == id)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"c", "p"})
  void itServesAgainWithOnlyOneOtherStoreLeft(String at) {
    SimCluster cluster = mergedAndSplit(610, at);
    SimStore away = away(cluster);
    Set<Long> leading = new TreeSet<>();
    leading.add(cluster.leader("b0").store().node.storeId());
    leading.add(cluster.leader("t0").store().node.storeId());
    SimStore dies =
        cluster.stores.values().stream()
            .filter(store -> store != away)
            .filter(store -> leading.size() > 1 || !leading.contains(store.node.storeId()))
            .findFirst()
            .orElseThrow();
    cluster.cutOff.clear();
    dies.kill(true);
    cluster.until(
        "it has both regions",
        () ->
            away.access().regions().size() == 2
                && "v149".equals(SimCluster.local(away, "b9"))
                && "v149".equals(SimCluster.local(away, "t9")));
    cluster.put("b0", "alive");
    cluster.put("t0", "alive");
    assertEquals("alive", cluster.get("b0"));
    assertEquals("alive", cluster.get("t0"));
    cluster.restart(dies);
    expectAllData(cluster);
  }

  /** Seed 7001137: the region that took it in is older than the one that has its first keys. */
  @Test
  void theFirstKeysMayBelongToARegionThatWasSplitMoreOften() {
    SimCluster cluster = mergedAndSplit(620, "c");
    Target first = cluster.leader("a");
    cluster.await(first.store().access().split(first.view(), List.of(Key.of("b"))));
    cluster.until("three regions", () -> cluster.pd.regionList().size() == 3 && cluster.tiles());
    SimStore away = away(cluster);
    cluster.cutOff.clear();
    cluster.until(
        "the store has all three",
        () ->
            away.access().regions().size() == 3
                && "1".equals(SimCluster.local(away, "a"))
                && "v149".equals(SimCluster.local(away, "b9"))
                && "v149".equals(SimCluster.local(away, "t9")));
    expectAllData(cluster);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c", "p"})
  void aPowerCutAtAnyStepOfItLosesNothing(String at) {
    for (int step = 0; step < 40; step++) {
      SimCluster cluster = mergedAndSplit(700 + step, at);
      SimStore away = away(cluster);
      cluster.cutOff.clear();
      cluster.until("a snapshot comes", () -> away.node.store().snapshotsUnderWay() > 0);
      for (int i = 0; i < step * 3; i++) {
        cluster.time.step();
      }
      away.kill(true);
      cluster.restart(away);
      cluster.until(
          "the store has both regions",
          () ->
              away.access().regions().size() == 2
                  && "v149".equals(SimCluster.local(away, "b9"))
                  && "v149".equals(SimCluster.local(away, "t9")));
      expectAllData(cluster);
    }
  }
}
