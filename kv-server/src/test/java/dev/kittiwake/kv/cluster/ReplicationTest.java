package dev.kittiwake.kv.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.TransferLeader;
import dev.kittiwake.raft.Heartbeat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The life of regions on several stores, in one thread on virtual time. */
class ReplicationTest {
  @Test
  void theFirstStoreBootstrapsOneRegionWithOnePeerAndServes() {
    SimCluster cluster = new SimCluster(1);
    cluster.add();
    cluster.put("k", "v");
    assertEquals("v", cluster.get("k"));
    Region region = cluster.pd.regionList().get(0);
    assertEquals(1, region.getPeersCount());
    assertEquals(1, region.getRegionEpoch().getConfVer());
    assertEquals(1, region.getRegionEpoch().getVersion());
  }

  /** One peer becomes three by learner, snapshot and promotion, under writes. */
  @Test
  void aRegionGrowsToThreeReplicas() {
    SimCluster cluster = new SimCluster(2);
    cluster.add();
    for (int i = 0; i < 100; i++) {
      cluster.put("k" + i, "v" + i);
    }
    cluster.add();
    cluster.add();
    cluster.pd.want(cluster.stores.keySet().toArray(new Long[0]));
    cluster.until("three voters", cluster.pd::settled);
    cluster.put("after", "growth");
    for (SimStore store : cluster.stores.values()) {
      cluster.until(
          "every store has the data", () -> "growth".equals(SimCluster.local(store, "after")));
      assertEquals("v99", SimCluster.local(store, "k99"));
    }
    // 1 + two learners + two promotions
    assertEquals(5, cluster.pd.regionList().get(0).getRegionEpoch().getConfVer());
  }

  /**
   * The placement driver speaks when it is spoken to: a step that came a moment too early must not
   * wait for the next report in turn.
   */
  @Test
  void aStepThatIsRefusedIsSoonFollowedByAReport() {
    KvConfig seldom = KvConfig.fastTest().with(KvSetting.REGION_HEARTBEAT, "1h");
    SimCluster cluster = new SimCluster(12, seldom);
    cluster.add();
    cluster.put("k", "v");
    cluster.time.run(60_000); // a new leader reports often
    int before = cluster.pd.reports();
    cluster.time.run(5_000);
    assertEquals(before, cluster.pd.reports(), "nothing happens, nothing is told");
    Target leader = cluster.leader("k");
    leader
        .store()
        .node
        .store()
        .onPlacementStep(
            RegionHeartbeatResponse.newBuilder()
                .setRegionId(leader.view().regionId())
                .setTransferLeader(
                    TransferLeader.newBuilder().setPeer(Peer.newBuilder().setId(999_999)))
                .build());
    cluster.until("a report", () -> cluster.pd.reports() > before);
  }

  @Test
  void acknowledgedWritesSurviveTheLossOfEveryStoresPower() {
    for (int seed = 0; seed < 5; seed++) {
      SimCluster cluster = SimCluster.replicated(seed, 3);
      for (int i = 0; i < 30; i++) {
        cluster.put("k" + i, "v" + i);
      }
      for (SimStore store : cluster.stores.values()) {
        store.kill(true);
      }
      for (SimStore store : cluster.stores.values()) {
        cluster.restart(store);
      }
      for (int i = 0; i < 30; i++) {
        assertEquals("v" + i, cluster.get("k" + i), "seed " + seed);
      }
      cluster.put("new", "life");
      assertEquals("life", cluster.get("new"));
    }
  }

  @Test
  void theOthersGoOnWithoutADeadLeaderAndItCatchesUp() {
    SimCluster cluster = SimCluster.replicated(3, 3);
    cluster.put("before", "1");
    SimStore dead = cluster.leader("before").store();
    dead.kill(false);
    cluster.put("while", "2");
    assertEquals("1", cluster.get("before"));
    assertNotEquals(dead, cluster.leader("x").store());
    cluster.restart(dead);
    cluster.until("the store catches up", () -> "2".equals(SimCluster.local(dead, "while")));
  }

  @Test
  void leadershipGoesWhereThePlacementDriverWantsIt() {
    SimCluster cluster = SimCluster.replicated(4, 3);
    long region = cluster.pd.regionList().get(0).getId();
    for (long store : cluster.stores.keySet()) {
      cluster.pd.transfer(region, store);
      cluster.until("store " + store + " leads", () -> cluster.pd.leaderStore(region) == store);
      cluster.put("k", "on " + store);
      assertEquals("on " + store, cluster.get("k"));
    }
  }

  /** Found by stores that were killed while leaders were being spread over them. */
  @Test
  void aDeadStoreThatIsToLeadDoesNotKeepTheRegionFromWriting() {
    SimCluster cluster = SimCluster.replicated(4, 3);
    cluster.put("k", "before");
    SimStore leader = cluster.leader("k").store();
    SimStore dead =
        cluster.stores.values().stream().filter(store -> store != leader).findFirst().get();
    dead.kill(false);
    long region = cluster.pd.regionList().get(0).getId();
    cluster.pd.transfer(region, dead.node.storeId()); // repeated with every heartbeat
    cluster.time.run(10_000); // the leader has noticed
    for (int i = 0; i < 100; i++) {
      SimCluster.Target target = cluster.leader("k");
      assertNull(
          cluster.await(
              target
                  .store()
                  .access()
                  .write(
                      target.view(),
                      new RegionWrite().put(Family.DEFAULT, Key.of("k"), new byte[] {1}))));
      cluster.time.run(30);
    }
  }

  @Test
  void aSplitGivesTheRightmostPieceTheOldIdAndAllTheSameVersion() {
    SimCluster cluster = SimCluster.replicated(5, 3);
    Region before = cluster.pd.regionList().get(0);
    cluster.put("a", "1");
    cluster.put("m", "2");
    cluster.put("z", "3");
    SplitResult.Done done = assertInstanceOf(SplitResult.Done.class, cluster.split("g", "t"));
    assertEquals(3, done.regions().size());
    Region right = done.regions().get(2);
    assertEquals(before.getId(), right.getId());
    for (Region piece : done.regions()) {
      assertEquals(before.getRegionEpoch().getVersion() + 2, piece.getRegionEpoch().getVersion());
      assertEquals(before.getRegionEpoch().getConfVer(), piece.getRegionEpoch().getConfVer());
      assertEquals(3, piece.getPeersCount());
    }
    assertEquals("1", cluster.get("a"));
    assertEquals("2", cluster.get("m"));
    assertEquals("3", cluster.get("z"));
    cluster.put("b", "new");
    cluster.until("all stores have the write", () -> everywhere(cluster, "b", "new"));
    assertEquals(done.regions().get(0).getId(), cluster.leader("b").view().regionId());
    assertTrue(cluster.split("b").getClass() == SplitResult.Done.class);
  }

  private static boolean everywhere(SimCluster cluster, String key, String value) {
    return cluster.stores.values().stream()
        .allMatch(store -> value.equals(SimCluster.local(store, key)));
  }

  @Test
  void badSplitKeysAreRefusedWithTheReason() {
    SimCluster cluster = SimCluster.replicated(6, 1);
    cluster.split("m");
    assertInstanceOf(SplitResult.Refused.class, cluster.split("m"));
    Target target = cluster.leader("x");
    SplitResult outside =
        cluster.await(target.store().access().split(target.view(), List.of(Key.of("a"))));
    SplitResult.Refused refused = assertInstanceOf(SplitResult.Refused.class, outside);
    assertTrue(refused.error().getMessage().contains("split"), refused.error().getMessage());
  }

  @Test
  void aRequestWithAStaleEpochLearnsTheRegionsThatCoverItsRange() {
    SimCluster cluster = SimCluster.replicated(7, 3);
    Target old = cluster.leader("a");
    cluster.split("g", "t");
    Admission admission = old.store().access().admit(old.context(), List.of(Key.of("z")), true);
    Error error = assertInstanceOf(Admission.Refused.class, admission).error();
    assertTrue(error.hasEpochNotMatch());
    assertEquals(3, error.getEpochNotMatch().getCurrentRegionsCount());
    // A ticket from before the split is refused too, when proposed or when applied.
    Error late =
        cluster.await(
            old.store()
                .access()
                .write(
                    old.view(), new RegionWrite().put(Family.DEFAULT, Key.of("z"), new byte[1])));
    assertTrue(late.hasEpochNotMatch(), late.toString());
    ReadResult read = cluster.await(old.store().access().read(old.view()));
    assertTrue(assertInstanceOf(ReadResult.Refused.class, read).error().hasEpochNotMatch());
  }

  /** The write is in the log behind the split: only applying can tell. */
  @Test
  void aWriteProposedBehindASplitIsRefusedWhenApplied() {
    SimCluster cluster = SimCluster.replicated(8, 3);
    Target target = cluster.leader("a");
    CompletableFuture<SplitResult> split =
        target.store().access().split(target.view(), List.of(Key.of("m")));
    CompletableFuture<Error> write = null;
    while (!split.isDone()) {
      write =
          target
              .store()
              .access()
              .write(
                  target.view(),
                  new RegionWrite().put(Family.DEFAULT, Key.of("a"), new byte[] {'!'}));
      cluster.time.run(0);
      cluster.time.run(1);
    }
    Error error = cluster.await(write);
    assertNotNull(error);
    assertTrue(error.hasEpochNotMatch(), error.toString());
  }

  @Test
  void aRemovedReplicaIsDestroyedWithItsData() {
    SimCluster cluster = SimCluster.replicated(9, 4);
    cluster.put("k", "v");
    cluster.until("all have it", () -> everywhere(cluster, "k", "v"));
    List<Long> ids = List.copyOf(cluster.stores.keySet());
    SimStore leaving = cluster.stores.get(ids.get(3));
    cluster.pd.want(ids.get(0), ids.get(1), ids.get(2));
    cluster.until("three voters are left", cluster.pd::settled);
    cluster.until("its data is gone", () -> SimCluster.local(leaving, "k") == null);
    assertTrue(leaving.access().regions().isEmpty());
    assertEquals("v", cluster.get("k"));
    // It can come back, as another peer.
    cluster.pd.want(ids.get(0), ids.get(1), ids.get(3));
    cluster.until("it is a member again", cluster.pd::settled);
    cluster.until("it has the data", () -> "v".equals(SimCluster.local(leaving, "k")));
  }

  @Test
  void aReplicaRemovedWhileAwayLearnsOfItWhenItComesBack() {
    SimCluster cluster = SimCluster.replicated(10, 4);
    cluster.put("k", "v");
    List<Long> ids = List.copyOf(cluster.stores.keySet());
    SimStore away =
        cluster.stores.values().stream()
            .filter(s -> s != cluster.leader("k").store())
            .findFirst()
            .orElseThrow();
    cluster.until("it has the data", () -> "v".equals(SimCluster.local(away, "k")));
    away.kill(false);
    Long[] rest = ids.stream().filter(id -> id != away.node.storeId()).toArray(Long[]::new);
    cluster.pd.want(rest);
    cluster.until("the others are three", cluster.pd::settled);
    cluster.restart(away);
    cluster.until("it cleans up", () -> SimCluster.local(away, "k") == null);
    assertTrue(away.access().regions().isEmpty());
  }

  @Test
  void severalPeersChangeAtOnceThroughAJointConfiguration() {
    SimCluster cluster = SimCluster.replicated(11, 3);
    cluster.put("k", "v");
    SimStore fourth = cluster.add();
    List<Long> ids = List.copyOf(cluster.stores.keySet());
    cluster.pd.wantJointly(ids.get(0), ids.get(1), fourth.node.storeId());
    cluster.until("the fourth replaced the third", cluster.pd::settled);
    cluster.until("it has the data", () -> "v".equals(SimCluster.local(fourth, "k")));
    cluster.put("k", "w");
    assertEquals("w", cluster.get("k"));
    cluster.until(
        "the third is clean", () -> SimCluster.local(cluster.stores.get(ids.get(2)), "k") == null);
  }

  @Test
  void whoLagsBehindTheLogIsCaughtUpByASnapshot() {
    SimCluster cluster = SimCluster.replicated(12, 3);
    SimStore leader = cluster.leader("k").store();
    SimStore lagging =
        cluster.stores.values().stream().filter(s -> s != leader).findFirst().orElseThrow();
    cluster.put("gone", "soon");
    cluster.until("it has the first write", () -> everywhere(cluster, "gone", "soon"));
    long id = lagging.node.storeId();
    lagging.kill(false);
    for (int i = 0; i < 1500; i++) {
      cluster.put("k" + i % 50, "v" + i);
    }
    cluster.await(
        cluster
            .leader("gone")
            .store()
            .access()
            .write(
                cluster.leader("gone").view(),
                new RegionWrite().delete(Family.DEFAULT, Key.of("gone"))));
    cluster.until(
        "the log is cut",
        () -> cluster.leader("k").store().wal.group(regionId(cluster)).start().index() > 100);
    cluster.restart(lagging);
    cluster.until("it caught up", () -> "v1499".equals(SimCluster.local(lagging, "k49")));
    assertNull(SimCluster.local(lagging, "gone"), "the snapshot replaces everything");
    cluster.put("k0", "again");
    cluster.until("it follows again", () -> "again".equals(SimCluster.local(lagging, "k0")));
    assertTrue(id > 0);
  }

  private static long regionId(SimCluster cluster) {
    return cluster.pd.regionList().get(0).getId();
  }

  /**
   * A leader that is cut off may think that it leads, but its lease ends before another is elected.
   */
  @Test
  void aLeaderThatIsCutOffServesNoStaleReads() {
    SimCluster cluster = SimCluster.replicated(13, 3);
    cluster.put("k", "old");
    Target old = cluster.leader("k");
    cluster.until("it has a lease", () -> leaseRead(old) != null);
    assertEquals("old", leaseRead(old));
    cluster.cutOff.add(old.store().node.storeId());
    boolean[] servedStale = new boolean[1];
    cluster.until(
        "another leader",
        () -> {
          for (SimStore store : cluster.stores.values()) {
            if (store != old.store()
                && store.access().regions().stream().anyMatch(v -> v.leader())) {
              // From the very moment of the election on, the old leader must not answer.
              servedStale[0] |= leaseRead(old) != null;
              return true;
            }
          }
          return false;
        });
    assertFalse(servedStale[0], "the old leader answered although another one was elected");
    CompletableFuture<ReadResult> read = old.store().access().read(old.view());
    ReadResult.Refused refused = assertInstanceOf(ReadResult.Refused.class, cluster.await(read));
    assertTrue(
        refused.error().hasNotLeader() || refused.error().hasReadIndexNotReady(),
        refused.error().toString());
    cluster.cutOff.clear();
    cluster.put("k", "new");
    assertEquals("new", cluster.get("k"));
  }

  /** The process stops between taking its data and looking at the clock, as in a long pause. */
  @Test
  void aPauseBetweenReadingAndTheClockCostsARetryNeverAStaleRead() {
    SimCluster cluster = SimCluster.replicated(14, 3);
    cluster.put("k", "old");
    Target leader = cluster.leader("k");
    cluster.until("it has a lease", () -> leaseRead(leader) != null);
    String stale =
        leader
            .store()
            .access()
            .leaseRead(
                leader.view(),
                reader -> {
                  String value = SimCluster.text(reader.get(Family.DEFAULT, Key.of("k")));
                  leader.store().pause();
                  cluster.put("k", "new"); // the others elect a leader and go on
                  return value;
                });
    assertNull(stale);
  }

  /** After a pause a reader's thread may run before the store's own has noticed anything. */
  @Test
  void aLeaderThatWasPausedTrustsTheClockNotItsRole() {
    SimCluster cluster = SimCluster.replicated(17, 3);
    cluster.put("k", "old");
    Target leader = cluster.leader("k");
    cluster.until("it has a lease", () -> leaseRead(leader) != null);
    leader.store().pause();
    cluster.put("k", "new");
    assertTrue(
        leader.store().access().regions().get(0).leader(), "it still takes itself for the leader");
    assertNull(leaseRead(leader));
    CompletableFuture<ReadResult> read = leader.store().access().read(leader.view());
    assertFalse(read.isDone(), "without a lease it must ask the others");
    leader.store().resume();
    ReadResult.Refused refused = assertInstanceOf(ReadResult.Refused.class, cluster.await(read));
    assertTrue(refused.error().hasNotLeader(), refused.error().toString());
    assertEquals("new", cluster.get("k"));
  }

  @Test
  void aWriteOfADeposedLeaderIsUndeterminedAndNeverReportedAsDone() {
    SimCluster cluster = SimCluster.replicated(15, 3);
    cluster.put("k", "old");
    Target old = cluster.leader("k");
    cluster.cutOff.add(old.store().node.storeId());
    CompletableFuture<Error> lost =
        old.store()
            .access()
            .write(
                old.view(), new RegionWrite().put(Family.DEFAULT, Key.of("k"), new byte[] {'x'}));
    Error error = cluster.await(lost);
    assertNotNull(error);
    assertTrue(error.hasUndeterminedResult() || error.hasStaleCommand(), error.toString());
    cluster.cutOff.clear();
    assertEquals("old", cluster.get("k"));
  }

  @Test
  void aFollowerAnswersReplicaReadsAsNewAsTheQuestion() {
    SimCluster cluster = SimCluster.replicated(16, 3);
    cluster.put("k", "1");
    SimStore follower =
        cluster.stores.values().stream()
            .filter(s -> s != cluster.leader("k").store())
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < 20; i++) {
      cluster.put("k", "v" + i);
      var view = follower.access().regions().get(0);
      Context context =
          SimCluster.context(view.region(), view.peer(), 0).toBuilder()
              .setReplicaRead(true)
              .build();
      Admission.Admitted admitted =
          assertInstanceOf(
              Admission.Admitted.class,
              follower.access().admit(context, List.of(Key.of("k")), false));
      ReadResult result = cluster.await(follower.access().read(admitted.view()));
      try (var snapshot = assertInstanceOf(ReadResult.Readable.class, result).snapshot()) {
        assertEquals("v" + i, SimCluster.text(snapshot.get(Family.DEFAULT, Key.of("k"))));
      }
    }
    Admission asLeader =
        follower
            .access()
            .admit(
                SimCluster.context(
                    follower.access().regions().get(0).region(),
                    follower.access().regions().get(0).peer(),
                    0),
                List.of(),
                false);
    Error error = assertInstanceOf(Admission.Refused.class, asLeader).error();
    assertEquals(
        cluster.leader("k").view().peer(), error.getNotLeader().getLeader(), error.toString());
  }

  /**
   * Others connect before a store that starts again has its replicas back. What they say then must
   * not make a new, empty replica in the place of the one on disk.
   */
  @Test
  void aMessageThatComesBeforeTheReplicasAreBackChangesNothing() {
    SimCluster cluster = SimCluster.replicated(17, 3);
    for (int i = 0; i < 300; i++) {
      cluster.put("k" + i, "v" + i); // so many that the log is cut
    }
    SimStore leader = cluster.leader("k0").store();
    SimStore follower =
        cluster.stores.values().stream().filter(s -> s != leader).findFirst().orElseThrow();
    cluster.until("the follower has all", () -> SimCluster.local(follower, "k299") != null);
    RegionView before = follower.access().regions().get(0);
    Peer from = cluster.leader("k0").view().peer();
    follower.kill(false);
    follower.early.add(
        new Envelope(
            before.regionId(),
            from,
            before.peer(),
            before.region().getRegionEpoch(),
            new Heartbeat(from.getId(), before.peer().getId(), before.term(), 1, 1)));
    cluster.restart(follower);
    cluster.until("the replica is back", () -> !follower.access().regions().isEmpty());
    assertEquals("v299", SimCluster.local(follower, "k299"));
    assertEquals(before.region(), follower.access().regions().get(0).region());
    cluster.put("after", "x");
    cluster.until("it follows", () -> "x".equals(SimCluster.local(follower, "after")));
  }

  private static String leaseRead(Target target) {
    return target
        .store()
        .access()
        .leaseRead(
            target.view(),
            reader -> String.valueOf(SimCluster.text(reader.get(Family.DEFAULT, Key.of("k")))));
  }
}
