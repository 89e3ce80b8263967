package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.eraftpb.ConfChangeType;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import org.junit.jupiter.api.Test;

/** R02: the members of a group change one step at a time, whoever asks for however many. */
class MembershipStepsTest {
  @Test
  void ofTwoChangesAtOnceOneIsRefusedAndTheGroupGoesOn() {
    try (Scenario cluster = Scenario.of(5)) {
      cluster.put("k", "1");
      Peer one = newPeer(cluster, 0);
      Peer two = newPeer(cluster, 1);
      cluster.pd(1).kill(); // it would have its own ideas
      cluster.changePeer("k", ConfChangeType.AddLearnerNode, one);
      cluster.changePeer("k", ConfChangeType.AddLearnerNode, two);
      cluster.until("one is added", () -> peers(cluster) == 4);
      cluster.put("k", "2");
      Peer other = cluster.peerOn(view(cluster), number(cluster, one)) == null ? one : two;
      cluster.changePeer("k", ConfChangeType.AddLearnerNode, other);
      cluster.until("the other is added", () -> peers(cluster) == 5);
      assertEquals("2", cluster.get("k"));
    }
  }

  private static int peers(Scenario cluster) {
    return cluster.leaders("k").size() == 1 ? view(cluster).region().getPeersCount() : 0;
  }

  private static RegionView view(Scenario cluster) {
    return cluster.viewOf(cluster.number(cluster.leaders("k").get(0)), "k");
  }

  private static int number(Scenario cluster, Peer peer) {
    for (int store = 1; ; store++) {
      if (cluster.store(store).id() == peer.getStoreId()) {
        return store;
      }
    }
  }

  /** A learner on one of the stores that have no peer of the region. */
  private static Peer newPeer(Scenario cluster, int skip) {
    int left = skip;
    for (int store = 1; ; store++) {
      if (cluster.viewOf(store, "k") == null && left-- == 0) {
        return Peer.newBuilder()
            .setId(newId(cluster))
            .setStoreId(cluster.store(store).id())
            .setRole(PeerRole.Learner)
            .build();
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
