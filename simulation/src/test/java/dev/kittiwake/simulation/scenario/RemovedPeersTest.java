package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.proto.eraftpb.ConfChangeType;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import dev.kittiwake.simulation.world.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Those who leave a group do so only once those who stay can do without them; and then they do. */
class RemovedPeersTest {
  /** Seed 1245: of two members one was removed and went, the other forgot that in a power cut. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void theLastOfTwoGoesOnAlone(long seed) {
    try (Scenario cluster = Scenario.of(seed, Options.STANDARD.withStores(2))) {
      cluster.put("k", "1");
      int leader = cluster.leaderOf("k");
      int other = 3 - leader;
      Peer removed = cluster.peerOn(cluster.viewOf(leader, "k"), other);
      cluster.changePeer("k", ConfChangeType.RemoveNode, removed);
      cluster.until("the removed peer has gone", () -> cluster.viewOf(other, "k") == null);
      cluster.powerCut(leader);
      cluster.kill(other); // so that nobody joins the group again meanwhile
      cluster.restart(leader);
      cluster.until("the last one leads", () -> cluster.leaders("k").size() == 1);
      cluster.put("k", "2");
      assertEquals("2", cluster.get("k"));
    }
  }

  /** A learner never campaigns, so it does not notice by itself that nobody leads it any more. */
  @Test
  void aLearnerThatMissedItsRemovalGoes() {
    try (Scenario cluster = Scenario.of(4)) {
      cluster.put("k", "1");
      int without = storeWithout(cluster, "k");
      Peer learner =
          Peer.newBuilder()
              .setId(newId(cluster))
              .setStoreId(cluster.store(without).id())
              .setRole(PeerRole.Learner)
              .build();
      cluster.pd(1).kill(); // it would remove the learner at once
      cluster.changePeer("k", ConfChangeType.AddLearnerNode, learner);
      cluster.until("the learner is there", () -> cluster.viewOf(without, "k") != null);
      cluster.isolateFromStores(without);
      int leader = cluster.leaderOf("k");
      cluster.changePeer("k", ConfChangeType.RemoveNode, learner);
      cluster.until(
          "the others have removed it",
          () -> cluster.peerOn(cluster.viewOf(leader, "k"), without) == null);
      cluster.heal();
      cluster.pd(1).start();
      cluster.until("it goes too", 120, () -> cluster.viewOf(without, "k") == null);
    }
  }

  private static int storeWithout(Scenario cluster, String key) {
    for (int store = 1; ; store++) {
      if (cluster.viewOf(store, key) == null) {
        return store;
      }
    }
  }

  private static long newId(Scenario cluster) {
    return cluster
        .await(
            cluster
                .client()
                .client()
                .pd()
                .call(PdMethod.ALLOC_ID, AllocIDRequest.getDefaultInstance()))
        .getId();
  }
}
