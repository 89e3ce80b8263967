package dev.kittiwake.kv.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.proto.key.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Regions that nobody uses rest, and wake when they have to. */
class HibernationTest {
  /** Reports are ten times rarer than heartbeats. */
  private static final KvConfig CONFIG = KvConfig.fastTest().with(KvSetting.REGION_HEARTBEAT, "2s");

  private static SimCluster withRegions(long seed, int regions) {
    SimCluster cluster = SimCluster.replicated(seed, 3, CONFIG);
    List<String> keys = new ArrayList<>();
    for (int i = 1; i < regions; i++) {
      keys.add(String.format("k%03d", i));
    }
    if (!keys.isEmpty()) {
      assertInstanceOf(SplitResult.Done.class, cluster.split(keys.toArray(new String[0])));
    }
    return cluster;
  }

  private static void awaitRest(SimCluster cluster, int regions) {
    cluster.until(
        "all rest",
        () ->
            cluster.stores.values().stream()
                .allMatch(store -> store.access().restingRegions() == regions));
  }

  private static String leaseRead(Target target, String key) {
    return target
        .store()
        .access()
        .leaseRead(
            target.view(),
            reader -> String.valueOf(SimCluster.text(reader.get(Family.DEFAULT, Key.of(key)))));
  }

  @Test
  void storesThatRestExchangeSignsOfLifeAndLittleElse() {
    SimCluster cluster = withRegions(1, 40);
    awaitRest(cluster, 40);
    AtomicInteger signs = new AtomicInteger();
    AtomicInteger others = new AtomicInteger();
    cluster.lost =
        envelope -> {
          (envelope.isSignOfLife() ? signs : others).incrementAndGet();
          return false;
        };
    cluster.time.run(10_000);
    awaitRest(cluster, 40);
    assertTrue(signs.get() > 100 && signs.get() <= 6 * 101, "signs of life: " + signs);
    // With each of five or six reports the leader's word and an answer, for two followers. Awake
    // there would have been a hundred heartbeats.
    assertTrue(others.get() <= 40 * 2 * 2 * 6, others + " messages of regions");
  }

  @Test
  void aRequestWakesTheRegionAndNoStaleLeaseAnswersIt() {
    SimCluster cluster = withRegions(2, 1);
    cluster.put("k", "1");
    Target leader = cluster.leader("k");
    awaitRest(cluster, 1);
    cluster.time.run(2_000);
    assertNull(leaseRead(leader, "k"), "the lease outlived the heartbeats");
    assertEquals("1", cluster.get("k"));
    cluster.until("it is awake", () -> leader.store().access().restingRegions() == 0);
    cluster.until("it has a lease again", () -> leaseRead(leader, "k") != null);
    awaitRest(cluster, 1);
    cluster.put("k", "2");
    assertEquals("2", cluster.get("k"));
    cluster.stores.values().forEach(store -> awaitLocal(cluster, store, "k", "2"));
  }

  private static void awaitLocal(SimCluster cluster, SimStore store, String key, String value) {
    cluster.until("it has come", () -> value.equals(SimCluster.local(store, key)));
  }

  @Test
  void followersOfARestingLeaderNoticeThatItsStoreIsGone() {
    for (int seed = 10; seed < 20; seed++) {
      SimCluster cluster = withRegions(seed, 8);
      for (int i = 0; i < 8; i++) {
        cluster.put(String.format("k%03d", i), "1");
      }
      awaitRest(cluster, 8);
      SimStore gone = cluster.leader("k003").store();
      gone.kill(seed % 2 == 0);
      cluster.time.run(4_000);
      for (int i = 0; i < 8; i++) {
        String key = String.format("k%03d", i);
        Target now = cluster.leader(key);
        assertNotEquals(gone, now.store());
        cluster.put(key, "2");
        assertEquals("2", cluster.get(key));
      }
      cluster.restart(gone);
      awaitRest(cluster, 8);
      assertEquals("2", SimCluster.local(gone, "k003"));
    }
  }

  @Test
  void aStoreThatStartsAgainQuicklyFindsItsRegionsALeader() {
    SimCluster cluster = withRegions(3, 4);
    cluster.put("k", "1");
    awaitRest(cluster, 4);
    SimStore leader = cluster.leader("k").store();
    leader.kill(true);
    cluster.restart(leader);
    cluster.put("k", "2");
    assertEquals("2", cluster.get("k"));
    awaitRest(cluster, 4);
  }

  /** It cannot know that others have taken over: it has to ask before it answers. */
  @Test
  void aRestingLeaderThatIsCutOffServesNothing() {
    SimCluster cluster = withRegions(4, 1);
    cluster.put("k", "old");
    Target old = cluster.leader("k");
    awaitRest(cluster, 1);
    cluster.cutOff.add(old.store().node.storeId());
    cluster.until(
        "another leads",
        () -> cluster.leaders("k").stream().anyMatch(target -> target.store() != old.store()));
    Target next =
        cluster.leaders("k").stream()
            .filter(target -> target.store() != old.store())
            .findFirst()
            .orElseThrow();
    assertNull(
        cluster.await(
            next.store()
                .access()
                .write(
                    next.view(),
                    new RegionWrite().put(Family.DEFAULT, Key.of("k"), new byte[] {'n'}))));
    assertNull(leaseRead(old, "k"));
    ReadResult read = cluster.await(old.store().access().read(old.view()));
    assertInstanceOf(ReadResult.Refused.class, read);
    cluster.cutOff.clear();
    assertEquals("n", cluster.get("k"));
    awaitRest(cluster, 1);
  }

  /** The store lives, but its replica does not speak: a sign of life is not enough for ever. */
  @Test
  void followersMissTheWordOfALeaderWhoseStoreLives() {
    SimCluster cluster = SimCluster.replicated(5, 3, CONFIG);
    cluster.put("k", "1");
    awaitRest(cluster, 1);
    SimStore mute = cluster.leader("k").store();
    cluster.lost = e -> !e.isSignOfLife() && e.from().getStoreId() == mute.node.storeId();
    cluster.until(
        "another leads",
        () -> cluster.leaders("k").stream().anyMatch(target -> target.store() != mute));
    cluster.lost = e -> false;
    cluster.put("k", "2");
    assertEquals("2", cluster.get("k"));
  }

  @Test
  void aRestingLeaderLearnsThatAFollowersStoreIsGone() {
    SimCluster cluster = withRegions(6, 2);
    awaitRest(cluster, 2);
    SimStore leader = cluster.leader("k").store();
    SimStore follower =
        cluster.stores.values().stream().filter(s -> s != leader).findFirst().orElseThrow();
    follower.kill(false);
    cluster.until("the leader is awake and stays so", () -> leader.access().restingRegions() == 0);
    cluster.time.run(5_000);
    assertEquals(0, leader.access().restingRegions());
    cluster.restart(follower);
    awaitRest(cluster, 2);
  }

  @Test
  void regionsThatRestSplitMoveAndMerge() {
    SimCluster cluster = withRegions(7, 1);
    cluster.put("a", "1");
    cluster.put("z", "1");
    awaitRest(cluster, 1);
    assertInstanceOf(SplitResult.Done.class, cluster.split("m"));
    awaitRest(cluster, 2);
    SimStore fourth = cluster.add();
    List<Long> ids = List.copyOf(cluster.stores.keySet());
    cluster.pd.want(ids.get(1), ids.get(2), fourth.node.storeId());
    cluster.until("moved", cluster.pd::settled);
    cluster.until("rest", () -> fourth.access().restingRegions() == 2);
    cluster.pd.merge(cluster.leader("a").view().regionId(), cluster.leader("z").view().regionId());
    cluster.until("merged", () -> cluster.pd.regionList().size() == 1 && cluster.tiles());
    cluster.until("rest again", () -> fourth.access().restingRegions() == 1);
    assertEquals("1", cluster.get("a"));
    assertEquals("1", cluster.get("z"));
  }

  @Test
  void withoutTheSettingNobodyRests() {
    SimCluster cluster =
        SimCluster.replicated(8, 3, KvConfig.fastTest().with(KvSetting.HIBERNATE_AFTER, "0s"));
    cluster.put("k", "1");
    cluster.time.run(20_000);
    assertTrue(cluster.stores.values().stream().allMatch(s -> s.access().restingRegions() == 0));
  }
}
