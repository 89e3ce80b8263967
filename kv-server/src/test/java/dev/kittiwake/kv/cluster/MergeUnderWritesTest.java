package dev.kittiwake.kv.cluster;

import static dev.kittiwake.kv.cluster.MergeTest.awaitOneRegion;
import static dev.kittiwake.kv.cluster.MergeTest.expectAllData;
import static dev.kittiwake.kv.cluster.MergeTest.left;
import static dev.kittiwake.kv.cluster.MergeTest.right;
import static dev.kittiwake.kv.cluster.MergeTest.twoRegions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Writes come while two regions become one. */
class MergeUnderWritesTest {
  /** Whatever was answered with success before the merge is there after it, under writes. */
  @Test
  void noWriteThatWasAcknowledgedWhileMergingIsLost() {
    SimCluster cluster = twoRegions(12);
    cluster.pd.merge(left(cluster), right(cluster));
    int written = 0;
    for (int i = 0; i < 200; i++) {
      Target target = cluster.leaders("c").stream().findFirst().orElse(null);
      if (target != null) {
        RegionWrite write =
            new RegionWrite().put(Family.DEFAULT, Key.of("c"), ("w" + i).getBytes());
        var answer = target.store().access().write(target.view(), write);
        for (int n = 0; n < 200 && !answer.isDone(); n++) {
          cluster.time.step();
        }
        if (answer.isDone() && answer.join() == null) {
          written = i;
        } else if (answer.isDone() && !answer.join().hasUndeterminedResult()) {
          assertFalse(("w" + i).equals(cluster.get("c")), answer.join().toString());
        }
      }
      cluster.time.run(5);
    }
    awaitOneRegion(cluster);
    assertTrue(written > 100, "written " + written);
    assertEquals("w" + written, cluster.get("c"));
  }

  /**
   * Writes come at every moment of a merge, and acknowledgements of the source's log may be late:
   * whatever becomes of a write, whoever waits for it is told.
   */
  @Test
  void everyWriteWhileMergingIsAnswered() {
    for (int round = 0; round < 20; round++) {
      SimCluster cluster = twoRegions(600 + round);
      long source = left(cluster);
      SplittableRandom random = new SplittableRandom(round);
      cluster.lost = e -> e.regionId() == source && random.nextInt(4) == 0;
      cluster.pd.merge(source, right(cluster));
      List<CompletableFuture<Error>> answers = new ArrayList<>();
      for (int i = 0; i < 400 && cluster.pd.regionList().size() > 1; i++) {
        for (Target target : cluster.leaders("c")) {
          RegionWrite write =
              new RegionWrite().put(Family.DEFAULT, Key.of("c"), ("w" + i).getBytes());
          answers.add(target.store().access().write(target.view(), write));
        }
        cluster.time.step();
      }
      cluster.lost = e -> false;
      awaitOneRegion(cluster);
      cluster.until(
          "all " + answers.size() + " writes are answered",
          () -> answers.stream().allMatch(CompletableFuture::isDone));
      expectAllData(cluster);
    }
  }
}
