package dev.kittiwake.pd.schedule;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.meta.RegionTree;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** One replica fails though its store is well: nobody but the region's leader knows. */
class DamagedPeerTest {
  private final RegionTree tree = new RegionTree();
  private final ScheduleCluster cluster = new ScheduleCluster(tree, () -> 0, OptionalLong::empty);

  private RegionRecord report(String line) {
    RegionRecord told = WrittenRegion.parse(line.split(" "));
    tree.offer(told);
    return tree.find(told.id()).orElseThrow();
  }

  @Test
  void aRegionThatWasFoundWellIsLookedAtAgain() {
    RegionRecord well = report("region 1 peers 1:1 2:2 3:3 leader 1");
    cluster.settle(well);
    assertTrue(cluster.isSettled(well));
    assertFalse(cluster.isSettled(report("region 1 peers 1:1 2:2 3:3 leader 1 down 2 600s")));
    assertTrue(cluster.isSettled(report("region 1 peers 1:1 2:2 3:3 leader 1")));
  }
}
