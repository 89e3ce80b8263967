package dev.kittiwake.kv.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The machine, or the process of all stores, stands still for longer than an election takes. */
class StallTest {
  @Test
  void aStallChangesNoLeaderAndLosesNoAnswer() {
    SimCluster cluster = SimCluster.replicated(71, 3);
    cluster.put("k", "v");
    Target before = cluster.leader("k");
    for (int stall = 0; stall < 20; stall++) {
      cluster.time.run(37);
      CompletableFuture<Error> written =
          before
              .store()
              .access()
              .write(
                  before.view(),
                  new RegionWrite().put(Family.DEFAULT, Key.of("k"), new byte[] {'w'}));
      cluster.time.stall(30_000);
      assertNull(cluster.await(written), "stall " + stall);
      cluster.time.run(1_000);
    }
    Target after = cluster.leader("k");
    assertEquals(before.view().term(), after.view().term(), "nobody was elected");
    assertEquals("w", cluster.get("k"));
  }
}
