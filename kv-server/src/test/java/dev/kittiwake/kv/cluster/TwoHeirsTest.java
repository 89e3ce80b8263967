package dev.kittiwake.kv.cluster;

import static dev.kittiwake.kv.cluster.MergeTest.awaitOneRegion;
import static dev.kittiwake.kv.cluster.MergeTest.expectAllData;
import static dev.kittiwake.kv.cluster.MergeTest.follower;
import static dev.kittiwake.kv.cluster.MergeTest.left;
import static dev.kittiwake.kv.cluster.MergeTest.right;
import static dev.kittiwake.kv.cluster.MergeTest.twoRegions;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.proto.metapb.Region;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The keys of a region that has ended belong to two others now, and both come as snapshots to a
 * store that still has its replica. One of them takes that replica's place, and only once: what
 * comes after must find its data gone, not delete what the first has brought.
 */
class TwoHeirsTest {
  private static final KvConfig SHORT_LOGS =
      KvConfig.fastTest().with(KvSetting.LOG_GC_COUNT_LIMIT, "50");

  /** The region left of "m" has become part of its neighbour, and its keys of two others. */
  private static SimStore awayMeanwhile(SimCluster cluster) {
    SimStore away = follower(cluster, "a", "z");
    cluster.cutOff.add(away.node.storeId());
    cluster.pd.merge(left(cluster), right(cluster));
    awaitOneRegion(cluster);
    assertInstanceOf(SplitResult.Done.class, cluster.split("p"));
    cluster.until("two regions", () -> cluster.pd.regionList().size() == 2 && cluster.tiles());
    assertInstanceOf(SplitResult.Done.class, cluster.split("b"));
    cluster.until("three regions", () -> cluster.pd.regionList().size() == 3 && cluster.tiles());
    for (int i = 0; i < 150; i++) {
      cluster.put("aa" + i % 10, "v" + i);
      cluster.put("c" + i % 10, "v" + i);
      cluster.put("t" + i % 10, "v" + i);
    }
    cluster.time.run(1_000); // logs are cut
    return away;
  }

  private static Set<Long> regions(SimStore store) {
    return store.access().regions().stream().map(RegionView::regionId).collect(toSet());
  }

  private static Set<Long> regions(SimCluster cluster) {
    return cluster.pd.regionList().stream().map(Region::getId).collect(toSet());
  }

  private static void awaitEverything(SimCluster cluster, SimStore away) {
    cluster.until(
        "the store has the three regions and no other",
        () -> regions(away).equals(regions(cluster)));
    cluster.time.run(1_000 + away.applyLagMillis);
    assertEquals(regions(cluster), regions(away));
    for (String key : new String[] {"aa", "c", "t"}) {
      for (int i = 0; i < 10; i++) {
        assertEquals("v14" + i, SimCluster.local(away, key + i), key + i);
      }
    }
    assertEquals("1", SimCluster.local(away, "a"));
    assertEquals("2", SimCluster.local(away, "b"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 100, 500, 1_500, 3_000})
  void bothSnapshotsWaitUntilTheyAreInstalled(long lagMillis) {
    SimCluster cluster = twoRegions(SimCluster.replicated(630, 3, SHORT_LOGS));
    SimStore away = awayMeanwhile(cluster);
    away.applyLagMillis = lagMillis;
    cluster.cutOff.clear();
    awaitEverything(cluster, away);
    away.applyLagMillis = 0;
    expectAllData(cluster);
  }
}
