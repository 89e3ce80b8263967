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

  /**
   * Seed 7004027: the log of a removed peer was thrown away, but a power cut brought it back, and
   * by then the store had written down that it has a new peer, which took it for its own.
   */
  @Test
  void aNewPeerNeverGetsTheLogOfTheOneBefore() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.put("a", "1");
      cluster.split("m");
      cluster.untilReplicated();
      cluster.put("z", "1");
      cluster.transfer("a", 1);
      cluster.transfer("z", 1);
      cluster.disk(3).hangUntil(cluster.world().time().now() + 60_000_000_000L); // only its log
      Peer before = cluster.peerOn(cluster.viewOf(1, "a"), 3);
      cluster.changePeer("a", ConfChangeType.RemoveNode, before);
      cluster.until("it has gone", () -> cluster.viewOf(3, "a") == null);
      cluster.until("another one is to come", () -> isAnother(cluster, "a", before));
      cluster.advance(2_000); // its leader speaks to it
      Peer neighbour = cluster.peerOn(cluster.viewOf(1, "z"), 3);
      cluster.changePeer("z", ConfChangeType.RemoveNode, neighbour);
      cluster.until("the neighbour has gone", () -> cluster.viewOf(3, "z") == null);
      cluster.advance(1_000); // for good: what the store has written down is forced with it
      cluster.powerCut(3);
      cluster.disk(3).heal();
      cluster.restart(3);
      cluster.untilReplicated();
      cluster.until(
          "the store has both regions",
          () -> cluster.viewOf(3, "a") != null && cluster.viewOf(3, "z") != null);
      cluster.put("a", "2");
      assertEquals("2", cluster.get("a"));
    }
  }

  /** Of three members one is dead; a leader that has just begun has not missed it yet. */
  @Test
  void aNewLeaderRemovesNobodyBeforeItKnowsWhoIsAlive() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.put("a", "1");
      cluster.transfer("a", 1);
      cluster.kill(3);
      cluster.transfer("a", 2);
      Peer alive = cluster.peerOn(cluster.viewOf(2, "a"), 1);
      cluster.changePeer("a", ConfChangeType.RemoveNode, alive);
      cluster.advance(5_000);
      assertEquals(alive, cluster.peerOn(cluster.viewOf(cluster.leaderOf("a"), "a"), 1));
      cluster.put("a", "2");
      assertEquals("2", cluster.get("a"));
    }
  }

  private static boolean isAnother(Scenario cluster, String key, Peer before) {
    Peer now = cluster.peerOn(cluster.viewOf(1, key), 3);
    return now != null && now.getId() != before.getId();
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
