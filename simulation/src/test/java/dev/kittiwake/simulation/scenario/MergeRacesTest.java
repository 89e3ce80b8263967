package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.pdpb.Merge;
import dev.kittiwake.simulation.world.Options;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A region is to take in its neighbour and to be split, both at the same time. */
class MergeRacesTest {
  private static void split(Scenario cluster, String key) {
    int leader = cluster.leaderOf(key);
    RegionView view = cluster.viewOf(leader, key);
    cluster.await(cluster.store(leader).access().split(view, List.of(Key.of(key))));
  }

  /** Whether the split came in time; then the merge is taken back. */
  private static boolean race(long delayMicros) {
    try (Scenario cluster = Scenario.of(1, Options.STANDARD)) {
      cluster.untilReplicated();
      cluster.put("a", "1");
      split(cluster, "m");
      cluster.put("n", "2");
      cluster.put("t", "3");
      cluster.transfer("a", 1);
      cluster.transfer("n", 1);
      cluster.advance(5_000); // the new leaders know how far their followers are
      RegionView target = cluster.viewOf(1, "n");
      cluster.step("a", b -> b.setMerge(Merge.newBuilder().setTarget(target.region())));
      cluster.world().time().run(delayMicros * 1_000);
      CompletableFuture<SplitResult> split =
          cluster.store(1).access().split(target, List.of(Key.of("s")));
      cluster.advance(10_000); // looks all along that every key is in one region
      cluster.put("b", "4");
      cluster.put("u", "5");
      assertEquals("1", cluster.get("a"));
      assertEquals("2", cluster.get("n"));
      assertEquals("3", cluster.get("t"));
      assertEquals("4", cluster.get("b"));
      assertEquals("5", cluster.get("u"));
      return split.join() instanceof SplitResult.Done;
    }
  }

  @Test
  void everyKeyIsInOneRegionWhicheverComesFirst() {
    long late = 0;
    while (race(late)) {
      late += 1_000;
      assertTrue(late < 1_000_000, "the merge comes to nothing");
    }
    for (long delay = Math.max(0, late - 4_000); delay < late; delay += 100) {
      race(delay);
    }
  }
}
