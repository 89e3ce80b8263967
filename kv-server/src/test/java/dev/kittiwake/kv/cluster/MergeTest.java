package dev.kittiwake.kv.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.Merge;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two regions become one, whatever happens on the way. */
class MergeTest {
  /** Three stores; regions left of "m" and from "m" on; "a" and "z" are written. */
  static SimCluster twoRegions(long seed) {
    return twoRegions(SimCluster.replicated(seed, 3));
  }

  static SimCluster twoRegions(SimCluster cluster) {
    cluster.put("a", "1");
    cluster.put("z", "1");
    assertInstanceOf(SplitResult.Done.class, cluster.split("m"));
    cluster.put("b", "2");
    cluster.put("y", "2");
    cluster.until("both are known", () -> cluster.pd.regionList().size() == 2 && cluster.tiles());
    return cluster;
  }

  static long left(SimCluster cluster) {
    return cluster.leader("a").view().regionId();
  }

  static long right(SimCluster cluster) {
    return cluster.leader("z").view().regionId();
  }

  static void awaitOneRegion(SimCluster cluster) {
    cluster.until("one region", () -> cluster.pd.regionList().size() == 1 && cluster.tiles());
  }

  static void expectAllData(SimCluster cluster) {
    assertEquals("1", cluster.get("a"));
    assertEquals("2", cluster.get("b"));
    assertEquals("2", cluster.get("y"));
    assertEquals("1", cluster.get("z"));
    cluster.put("a", "after");
    cluster.put("z", "after");
    assertEquals("after", cluster.get("a"));
    assertEquals("after", cluster.get("z"));
    cluster.put("a", "1");
    cluster.put("z", "1");
  }

  /** Every store holds exactly these regions, and nothing is being merged. */
  static void awaitOnEveryStore(SimCluster cluster, int regions) {
    cluster.until(
        "every store has " + regions + " regions",
        () ->
            cluster.stores.values().stream()
                .allMatch(store -> store.access().regions().size() == regions));
  }

  @Test
  void theLeftRegionBecomesPartOfTheRightOne() {
    SimCluster cluster = twoRegions(1);
    Region source = cluster.leader("a").view().region();
    Region target = cluster.leader("z").view().region();
    cluster.pd.merge(source.getId(), target.getId());
    awaitOneRegion(cluster);
    Region merged = cluster.pd.regionList().get(0);
    assertEquals(target.getId(), merged.getId());
    assertEquals(
        Math.max(source.getRegionEpoch().getVersion() + 1, target.getRegionEpoch().getVersion())
            + 1,
        merged.getRegionEpoch().getVersion());
    assertEquals(target.getRegionEpoch().getConfVer(), merged.getRegionEpoch().getConfVer());
    expectAllData(cluster);
    awaitOnEveryStore(cluster, 1);
  }

  @Test
  void theRightRegionBecomesPartOfTheLeftOne() {
    SimCluster cluster = twoRegions(2);
    long right = right(cluster);
    cluster.pd.merge(right, left(cluster));
    awaitOneRegion(cluster);
    assertFalse(cluster.pd.regionList().get(0).getId() == right);
    expectAllData(cluster);
    awaitOnEveryStore(cluster, 1);
  }

  @Test
  void theTwoLeadersMayBeOnDifferentStores() {
    SimCluster cluster = twoRegions(3);
    SimStore leftLeader = cluster.leader("a").store();
    SimStore other =
        cluster.stores.values().stream().filter(store -> store != leftLeader).findFirst().get();
    long right = right(cluster);
    cluster.pd.transfer(right, other.node.storeId());
    cluster.until("they lead", () -> cluster.pd.leaderStore(right) == other.node.storeId());
    cluster.pd.merge(left(cluster), right);
    awaitOneRegion(cluster);
    expectAllData(cluster);
    assertEquals(other, cluster.leader("a").store());
  }

  @Test
  void regionsThatAreNoNeighboursAreNotMerged() {
    SimCluster cluster = twoRegions(4);
    cluster.split("g");
    cluster.until("three", () -> cluster.pd.regionList().size() == 3 && cluster.tiles());
    cluster.pd.merge(left(cluster), right(cluster));
    cluster.time.run(2_000);
    assertEquals(3, cluster.pd.regionList().size());
    cluster.put("a", "still");
    assertEquals("still", cluster.get("a"));
  }

  @Test
  void manyRegionsBecomeOneAgain() {
    SimCluster cluster = SimCluster.replicated(5, 3);
    for (char c = 'a'; c <= 'j'; c++) {
      cluster.put(c + "", "v" + c);
    }
    for (char c = 'b'; c <= 'j'; c++) {
      assertInstanceOf(SplitResult.Done.class, cluster.split(c + ""));
    }
    cluster.until("ten", () -> cluster.pd.regionList().size() == 10 && cluster.tiles());
    long last = right(cluster);
    for (char c = 'i'; c >= 'a'; c--) {
      int expected = cluster.pd.regionList().size() - 1;
      cluster.pd.merge(cluster.leader(c + "").view().regionId(), last);
      cluster.until(
          "one less", () -> cluster.pd.regionList().size() == expected && cluster.tiles());
    }
    for (char c = 'a'; c <= 'j'; c++) {
      assertEquals("v" + c, cluster.get(c + ""));
    }
    awaitOnEveryStore(cluster, 1);
  }

  /** A member that was cut off gets the end of the source's log from the target's. */
  @Test
  void aSlowMemberCatchesUpByTheEntriesThatTheMergeCarries() {
    SimCluster cluster = twoRegions(6);
    long source = left(cluster);
    long target = right(cluster);
    SimStore slow = follower(cluster, "a", "z");
    cluster.put("c", "before");
    cluster.cutOff.add(slow.node.storeId());
    cluster.put("c", "while");
    cluster.pd.merge(source, target);
    awaitOneRegion(cluster);
    cluster.put("c", "after");
    cluster.cutOff.clear();
    cluster.until(
        "the slow store has all of it",
        () -> slow.access().regions().size() == 1 && "after".equals(SimCluster.local(slow, "c")));
    expectAllData(cluster);
  }

  /**
   * A member gets the ends of both merges at once: having made the first, it waits for the second.
   */
  @Test
  void twoNeighboursMergeIntoOneWhileAMemberIsAway() {
    SimCluster cluster = twoRegions(16);
    assertInstanceOf(SplitResult.Done.class, cluster.split("g"));
    cluster.until("three", () -> cluster.pd.regionList().size() == 3 && cluster.tiles());
    SimStore slow = follower(cluster, "a", "z");
    cluster.put("c", "before");
    cluster.put("h", "before");
    cluster.cutOff.add(slow.node.storeId());
    cluster.put("c", "while");
    cluster.put("h", "while");
    cluster.pd.merge(cluster.leader("h").view().regionId(), right(cluster));
    cluster.until("two", () -> cluster.pd.regionList().size() == 2 && cluster.tiles());
    cluster.pd.merge(left(cluster), right(cluster));
    awaitOneRegion(cluster);
    cluster.put("c", "after");
    cluster.put("h", "after");
    cluster.cutOff.clear();
    cluster.until(
        "the slow store has all of it",
        () ->
            slow.access().regions().size() == 1
                && "after".equals(SimCluster.local(slow, "c"))
                && "after".equals(SimCluster.local(slow, "h")));
    expectAllData(cluster);
  }

  /** A store that leads neither of the two regions. */
  static SimStore follower(SimCluster cluster, String key, String other) {
    SimStore one = cluster.leader(key).store();
    SimStore two = cluster.leader(other).store();
    return cluster.stores.values().stream()
        .filter(store -> store != one && store != two)
        .findFirst()
        .orElseThrow();
  }

  /** Its log is gone for both; the snapshot of the merged region contains its old neighbour too. */
  @Test
  void aMemberThatWasAwayTooLongGetsASnapshotOfTheMergedRegion() {
    SimCluster cluster = twoRegions(7);
    long source = left(cluster);
    long target = right(cluster);
    SimStore away = follower(cluster, "a", "z");
    cluster.cutOff.add(away.node.storeId());
    cluster.pd.merge(source, target);
    awaitOneRegion(cluster);
    for (int i = 0; i < 1_500; i++) {
      cluster.put("k" + i % 10, "v" + i); // more than a log keeps for one who lags
    }
    assertEquals(2, away.access().regions().size());
    cluster.cutOff.clear();
    cluster.until(
        "the store has the merged region",
        () -> away.access().regions().size() == 1 && "v1499".equals(SimCluster.local(away, "k9")));
    expectAllData(cluster);
    away.kill(true);
    cluster.restart(away);
    cluster.until("it serves", () -> away.access().regions().size() == 1);
    expectAllData(cluster);
  }

  @Test
  void aMemberThatWasAwayFindsTheMergedRegionSplitAgain() {
    SimCluster cluster = twoRegions(8);
    SimStore away = follower(cluster, "a", "z");
    cluster.cutOff.add(away.node.storeId());
    cluster.pd.merge(left(cluster), right(cluster));
    awaitOneRegion(cluster);
    assertInstanceOf(SplitResult.Done.class, cluster.split("m"));
    for (int i = 0; i < 1_500; i++) {
      cluster.put((i % 2 == 0 ? "k" : "q") + i % 10, "v" + i);
    }
    cluster.cutOff.clear();
    cluster.until(
        "the store has both",
        () ->
            away.access().regions().size() == 2
                && "v1498".equals(SimCluster.local(away, "k8"))
                && "v1499".equals(SimCluster.local(away, "q9")));
    expectAllData(cluster);
  }

  /** The target is split at the same moment: the merge is taken back, nothing is lost. */
  @Test
  void aMergeWhoseTargetHasChangedIsTakenBack() {
    SimCluster cluster = twoRegions(9);
    Target source = cluster.leader("a");
    Target target = cluster.leader("z");
    assertEquals(source.store(), target.store());
    source.store().node.store().onPlacementStep(mergeStep(source.view(), target.view()));
    var split = target.store().access().split(target.view(), List.of(Key.of("s")));
    assertInstanceOf(SplitResult.Done.class, cluster.await(split));
    cluster.until(
        "prepared and taken back",
        () -> {
          RegionView view = viewOf(source.store(), source.view().regionId());
          return view != null && view.version() == source.view().version() + 2;
        });
    cluster.until("three regions", () -> cluster.pd.regionList().size() == 3 && cluster.tiles());
    expectAllData(cluster);
    cluster.pd.merge(left(cluster), cluster.leader("n").view().regionId());
    cluster.until("two", () -> cluster.pd.regionList().size() == 2 && cluster.tiles());
    expectAllData(cluster);
    awaitOnEveryStore(cluster, 2);
  }

  static RegionHeartbeatResponse mergeStep(RegionView source, RegionView target) {
    return RegionHeartbeatResponse.newBuilder()
        .setRegionId(source.regionId())
        .setRegionEpoch(source.region().getRegionEpoch())
        .setTargetPeer(source.peer())
        .setMerge(Merge.newBuilder().setTarget(target.region()))
        .build();
  }

  /** Runs the cluster step by step until the source is prepared on some store. */
  private record MergePause(SimCluster cluster, long source) {
    void untilPrepared() {
      long before = cluster.pd.region(source).getRegionEpoch().getVersion();
      cluster.until(
          "prepared",
          () ->
              cluster.stores.values().stream()
                  .flatMap(store -> store.access().regions().stream())
                  .anyMatch(v -> v.regionId() == source && v.version() > before));
    }

    void end() {
      cluster.time.run(100);
    }
  }

  @Test
  void whileItIsBeingMergedARegionRefusesWritesAndReadsInTheClientsTerms() {
    SimCluster cluster = twoRegions(10);
    long source = left(cluster);
    long target = right(cluster);
    Target old = cluster.leader("a");
    // The target has no quorum: the merge stays prepared.
    SimStore targetLeader = cluster.leader("z").store();
    cluster.pd.merge(source, target);
    MergePause pause = new MergePause(cluster, source);
    pause.untilPrepared();
    Error stale = refusal(old.store().access().admit(old.context(), List.of(Key.of("a")), true));
    assertTrue(stale.hasEpochNotMatch() || stale.hasRegionNotFound(), stale.toString());
    RegionView now = viewOf(old.store(), source);
    if (now != null) {
      var context = SimCluster.context(now.region(), now.peer(), now.term());
      Error write = refusal(old.store().access().admit(context, List.of(Key.of("a")), true));
      Error read = refusal(old.store().access().admit(context, List.of(Key.of("a")), false));
      assertTrue(write.hasProposalInMergingMode() || write.hasEpochNotMatch(), write.toString());
      assertTrue(read.hasReadIndexNotReady() || read.hasEpochNotMatch(), read.toString());
    }
    awaitOneRegion(cluster);
    expectAllData(cluster);
    assertTrue(targetLeader.access().regions().size() >= 1);
  }

  private static Error refusal(Admission admission) {
    return assertInstanceOf(Admission.Refused.class, admission).error();
  }

  static RegionView viewOf(SimStore store, long region) {
    return store.access().regions().stream()
        .filter(view -> view.regionId() == region)
        .findFirst()
        .orElse(null);
  }

  /** At whatever moment power is lost, on one store or on all: the merge ends well. */
  @Test
  void powerMayBeLostAtAnyStep() {
    for (int step = 0; step < 60; step++) {
      SimCluster cluster = twoRegions(100 + step);
      cluster.pd.merge(left(cluster), right(cluster));
      for (int i = 0; i < step * 4; i++) {
        cluster.time.step();
      }
      List<SimStore> victims =
          step % 3 == 0
              ? List.copyOf(cluster.stores.values())
              : List.of(List.copyOf(cluster.stores.values()).get(step % 3));
      victims.forEach(store -> store.kill(true));
      if (step % 2 == 0) {
        cluster.time.run(300);
      }
      victims.forEach(cluster::restart);
      awaitOneRegion(cluster);
      expectAllData(cluster);
      awaitOnEveryStore(cluster, 1);
    }
  }

  /** The same, with one store cut off for a while, and the target changing its members. */
  @Test
  void theLeaderOfEitherRegionMayBeCutOffAtAnyStep() {
    for (int step = 0; step < 60; step++) {
      SimCluster cluster = twoRegions(200 + step);
      cluster.pd.merge(left(cluster), right(cluster));
      for (int i = 0; i < step * 4; i++) {
        cluster.time.step();
      }
      SimStore victim = List.copyOf(cluster.stores.values()).get(step % 3);
      cluster.cutOff.add(victim.node.storeId());
      cluster.time.run(3_000);
      cluster.cutOff.clear();
      awaitOneRegion(cluster);
      expectAllData(cluster);
      awaitOnEveryStore(cluster, 1);
    }
  }

  /** Split, move and merge fight over the same regions; the merge comes off or is taken back. */
  @Test
  void aMergeThatMeetsAChangeOfMembersEndsWell() {
    for (int step = 0; step < 40; step++) {
      SimCluster cluster = twoRegions(300 + step);
      SimStore fourth = cluster.add();
      List<Long> ids = List.copyOf(cluster.stores.keySet());
      cluster.pd.merge(left(cluster), right(cluster));
      for (int i = 0; i < step * 4; i++) {
        cluster.time.step();
      }
      cluster.pd.want(ids.get(1), ids.get(2), fourth.node.storeId());
      cluster.until(
          "one region on the wanted stores",
          () -> cluster.pd.regionList().size() == 1 && cluster.tiles() && cluster.pd.settled());
      expectAllData(cluster);
      awaitRegionsOf(cluster, ids.get(0), 0);
    }
  }

  private static void awaitRegionsOf(SimCluster cluster, long store, int regions) {
    cluster.until(
        "the store has " + regions + " regions",
        () -> cluster.stores.get(store).access().regions().size() == regions);
  }
}
