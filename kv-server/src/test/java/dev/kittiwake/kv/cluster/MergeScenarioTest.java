package dev.kittiwake.kv.cluster;

import static dev.kittiwake.kv.cluster.MergeTest.awaitOnEveryStore;
import static dev.kittiwake.kv.cluster.MergeTest.awaitOneRegion;
import static dev.kittiwake.kv.cluster.MergeTest.expectAllData;
import static dev.kittiwake.kv.cluster.MergeTest.follower;
import static dev.kittiwake.kv.cluster.MergeTest.left;
import static dev.kittiwake.kv.cluster.MergeTest.mergeStep;
import static dev.kittiwake.kv.cluster.MergeTest.right;
import static dev.kittiwake.kv.cluster.MergeTest.twoRegions;
import static dev.kittiwake.kv.cluster.MergeTest.viewOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.proto.eraftpb.ConfChangeType;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.pdpb.ChangePeer;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.raft.Append;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Merges that went wrong in other stores, one test for each; the ids are those of {@code
 * docs/scenarios.md}.
 */
class MergeScenarioTest {
  private static boolean hasEntries(Envelope envelope) {
    return envelope.message() instanceof Append append && !append.entries().isEmpty();
  }

  private static void prepareAndTakeBack(SimCluster cluster, Target source, Target target) {
    source.store().node.store().onPlacementStep(mergeStep(source.view(), target.view()));
    cluster.await(target.store().access().split(target.view(), List.of(Key.of("s"))));
    cluster.until(
        "prepared and taken back",
        () -> {
          RegionView view = viewOf(source.store(), source.view().regionId());
          return view != null && view.version() == source.view().version() + 2;
        });
  }

  /**
   * M01: a member gets no entries while a merge is prepared and taken back. The next merge is not
   * begun before it knows of the first, so that it cannot take the one for the other.
   */
  @Test
  void m01ASlowMemberDoesNotMistakeAFailedMergeForTheNextOne() {
    SimCluster cluster = twoRegions(13);
    SimStore slow = follower(cluster, "a", "z");
    cluster.lost = e -> e.to().getStoreId() == slow.node.storeId() && hasEntries(e);
    prepareAndTakeBack(cluster, cluster.leader("a"), cluster.leader("z"));
    cluster.put("c", "between");
    long source = left(cluster);
    cluster.pd.merge(source, cluster.leader("n").view().regionId());
    cluster.time.run(3_000);
    assertEquals(source, left(cluster), "merged although a member knows nothing of the first try");
    cluster.put("c", "after");
    cluster.lost = e -> false;
    cluster.until("two regions", () -> cluster.pd.regionList().size() == 2 && cluster.tiles());
    cluster.until(
        "the slow store has it",
        () -> slow.access().regions().size() == 2 && "after".equals(SimCluster.local(slow, "c")));
    expectAllData(cluster);
  }

  /** M02: a store that is cut off with a minority does not bring a merged region back. */
  @Test
  void m02WhoIsCutOffCannotTakeAMergeBackThatTheOthersHaveMade() {
    for (int step = 0; step < 30; step++) {
      SimCluster cluster = twoRegions(400 + step);
      Target source = cluster.leader("a");
      Target target = cluster.leader("z");
      source.store().node.store().onPlacementStep(mergeStep(source.view(), target.view()));
      for (int i = 0; i < step * 2; i++) {
        cluster.time.step();
      }
      cluster.cutOff.add(source.store().node.storeId());
      cluster.time.run(3_000);
      cluster.put("c", "new");
      cluster.put("q", "new");
      // What the others have by now, be it one region or two, is what remains.
      cluster.cutOff.clear();
      cluster.time.run(3_000);
      assertEquals("new", cluster.get("c"));
      assertEquals("new", cluster.get("q"));
      expectAllData(cluster);
      cluster.until("known", cluster::tiles);
      awaitOnEveryStore(cluster, cluster.pd.regionList().size());
    }
  }

  /** M03: power is lost at each step of a snapshot that ends the replica of a merged region. */
  @Test
  void m03ASnapshotAndTheEndOfWhatItContainsAreOne() {
    KvConfig config = KvConfig.fastTest().with(KvSetting.LOG_GC_COUNT_LIMIT, "50");
    Set<Integer> found = new TreeSet<>();
    for (int step = 0; step < 40; step++) {
      SimCluster cluster = twoRegions(SimCluster.replicated(500 + step, 3, config));
      SimStore away = follower(cluster, "a", "z");
      cluster.cutOff.add(away.node.storeId());
      cluster.pd.merge(left(cluster), right(cluster));
      awaitOneRegion(cluster);
      for (int i = 0; i < 150; i++) {
        cluster.put("k" + i % 10, "v" + i);
      }
      cluster.time.run(1_000); // logs are cut
      cluster.cutOff.clear();
      cluster.until("a snapshot comes", () -> away.node.store().snapshotsUnderWay() > 0);
      for (int i = 0; i < step; i++) {
        cluster.time.step();
      }
      away.kill(true);
      cluster.restart(away);
      cluster.until("its replicas are back", () -> !away.access().regions().isEmpty());
      found.add(away.access().regions().size());
      cluster.until(
          "the store has the merged region",
          () -> away.access().regions().size() == 1 && "v149".equals(SimCluster.local(away, "k9")));
      expectAllData(cluster);
    }
    assertEquals(Set.of(1, 2), found, "power was lost before the change and after it");
  }

  /**
   * M04: every store loses its power while a merge is prepared, and time enough passes for logs to
   * be cut. What a slow member lacks of the source's log is still there.
   */
  @Test
  void m04ARestartForgetsNeitherTheMergeNorTheLogThatItNeeds() {
    SimCluster cluster = twoRegions(17);
    long source = left(cluster);
    long target = right(cluster);
    SimStore slow = follower(cluster, "a", "z");
    cluster.lost =
        e ->
            hasEntries(e) && (e.regionId() == target || e.to().getStoreId() == slow.node.storeId());
    for (int i = 0; i < 60; i++) {
      cluster.put("c", "v" + i);
    }
    long version = cluster.leader("a").view().version();
    cluster.pd.merge(source, target);
    cluster.until("prepared", () -> preparedOn(cluster, source, version) == 2);
    List.copyOf(cluster.stores.values()).forEach(store -> store.kill(true));
    List.copyOf(cluster.stores.values()).forEach(cluster::restart);
    cluster.time.run(5_000);
    assertEquals(2, preparedOn(cluster, source, version), "stores forgot the merge");
    cluster.lost = e -> false;
    awaitOneRegion(cluster);
    cluster.until(
        "the slow store has it",
        () -> slow.access().regions().size() == 1 && "v59".equals(SimCluster.local(slow, "c")));
    expectAllData(cluster);
  }

  /** On how many stores the region is being merged. */
  private static long preparedOn(SimCluster cluster, long source, long before) {
    return cluster.stores.values().stream()
        .map(store -> viewOf(store, source))
        .filter(view -> view != null && view.version() == before + 1)
        .count();
  }

  /**
   * M05: the leaders that have to propose the end of a merge are told to hand over again and again,
   * so that proposals are refused or lost. Only the two logs say how it ends, the same everywhere.
   */
  @Test
  void m05RefusedProposalsDoNotDecideAMerge() {
    for (int step = 0; step < 20; step++) {
      SimCluster cluster = twoRegions(600 + step);
      boolean taken = step % 2 == 0;
      Target source = cluster.leader("a");
      Target target = cluster.leader("z");
      if (taken) {
        source.store().node.store().onPlacementStep(mergeStep(source.view(), target.view()));
        target.store().access().split(target.view(), List.of(Key.of("s")));
      } else {
        cluster.pd.merge(source.view().regionId(), target.view().regionId());
      }
      List<Long> ids = List.copyOf(cluster.stores.keySet());
      for (int i = 0; i < 60; i++) {
        cluster.pd.transfer(source.view().regionId(), ids.get((i + step) % 3));
        cluster.pd.transfer(target.view().regionId(), ids.get((i * 2 + step) % 3));
        cluster.time.run(1 + 3 * step);
      }
      cluster.pd.noTransfers();
      if (!taken) {
        awaitOneRegion(cluster);
      }
      cluster.until("known", cluster::tiles);
      expectAllData(cluster);
      awaitOnEveryStore(cluster, cluster.pd.regionList().size());
    }
  }

  /** M07: a vote less by a simple change is as right as by a joint one. */
  @Test
  void m07AVoterIsDemotedByASimpleChangeAndTheRegionGoesOn() {
    SimCluster cluster = SimCluster.replicated(11, 3);
    cluster.put("k", "1");
    Target leader = cluster.leader("k");
    Peer other =
        leader.view().region().getPeersList().stream()
            .filter(peer -> peer.getStoreId() != leader.store().node.storeId())
            .findFirst()
            .orElseThrow();
    cluster.pd.want(); // leave things as they are
    leader
        .store()
        .node
        .store()
        .onPlacementStep(
            RegionHeartbeatResponse.newBuilder()
                .setRegionId(leader.view().regionId())
                .setRegionEpoch(leader.view().region().getRegionEpoch())
                .setTargetPeer(leader.view().peer())
                .setChangePeer(
                    ChangePeer.newBuilder()
                        .setPeer(other)
                        .setChangeType(ConfChangeType.AddLearnerNode))
                .build());
    cluster.until("one voter less", () -> learners(cluster) == 1);
    SimStore demoted = cluster.stores.get(other.getStoreId());
    demoted.kill(true);
    cluster.put("k", "2");
    assertEquals("2", cluster.get("k"));
    cluster.restart(demoted);
    cluster.until("the learner follows", () -> "2".equals(SimCluster.local(demoted, "k")));
    assertTrue(cluster.tiles());
  }

  private static long learners(SimCluster cluster) {
    return cluster.pd.regionList().get(0).getPeersList().stream()
        .filter(peer -> peer.getRole() == PeerRole.Learner)
        .count();
  }
}
