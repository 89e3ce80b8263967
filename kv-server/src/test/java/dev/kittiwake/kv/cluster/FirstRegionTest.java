package dev.kittiwake.kv.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.kittiwake.client.txn.SweptLocks;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.gc.GcLeader;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.raft.Vote;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Garbage collection and the search for deadlocks are led by exactly one store, whatever becomes of
 * the first region.
 */
class FirstRegionTest {
  private final SimCluster cluster = new SimCluster(93).serving().grow(3);
  private final TreeMap<Long, GcLeader> gcLeaders = new TreeMap<>();
  private final Set<Long> swept = new TreeSet<>(); // the stores that removed locks

  FirstRegionTest() {
    cluster.pd.txnSafePoint(100);
    cluster.stores.forEach(
        (id, store) -> {
          GcLeader leader =
              new GcLeader(
                  cluster.pd.client(),
                  ts -> {
                    swept.add(id);
                    return CompletableFuture.completedFuture(new SweptLocks(0, Timestamp.MAX));
                  });
          store.access().addListener(leader);
          gcLeaders.put(id, leader);
        });
  }

  private void lead(String key, long storeId) {
    long region = cluster.leader(key).view().regionId();
    cluster.pd.transfer(region, storeId);
    cluster.until("they lead", () -> cluster.pd.leaderStore(region) == storeId);
    cluster.pd.noTransfers();
    cluster.put(key, "led by " + storeId);
  }

  private Set<Long> gcLeaders() {
    swept.clear();
    gcLeaders.values().forEach(GcLeader::run);
    return Set.copyOf(swept);
  }

  private Set<Long> detectors() {
    Set<Long> awake = new TreeSet<>();
    cluster.stores.forEach(
        (id, store) -> {
          if (store.side.detector().isAwake()) {
            awake.add(id);
          }
        });
    return awake;
  }

  private void expectLedBy(long storeId) {
    assertEquals(Set.of(storeId), gcLeaders());
    assertEquals(Set.of(storeId), detectors());
  }

  /** The first region led by store 1, the other one by store 2. */
  private void split() {
    lead("a", storeId(1)); // who listens since then has heard of it
    lead("a", storeId(0));
    cluster.split("m");
    cluster.until("both are known", () -> cluster.pd.regionList().size() == 2 && cluster.tiles());
    lead("a", storeId(2));
    lead("a", storeId(0));
    lead("z", storeId(1));
    expectLedBy(storeId(0));
  }

  private long storeId(int at) {
    return List.copyOf(cluster.stores.keySet()).get(at);
  }

  private void merge(String from, String into) {
    cluster.pd.merge(
        cluster.leader(from).view().regionId(), cluster.leader(into).view().regionId());
    cluster.until("one region", () -> cluster.pd.regionList().size() == 1 && cluster.tiles());
    cluster.time.run(500);
  }

  @Test
  void whoeverLeadsTheRegionThatTakesTheFirstOneInTakesOver() {
    split();
    merge("a", "z");
    assertEquals(storeId(1), cluster.leader("a").store().node.storeId());
    expectLedBy(storeId(1));
  }

  @Test
  void whoLeadsTheFirstRegionGoesOnWhenItTakesAnotherOneIn() {
    split();
    merge("z", "a");
    assertEquals(storeId(0), cluster.leader("a").store().node.storeId());
    expectLedBy(storeId(0));
  }

  /** The first piece has a new id, and here it is led by another store from its beginning on. */
  @Test
  void whoLedTheFirstRegionBeforeASplitLeavesItToTheLeaderOfTheFirstPiece() {
    lead("a", storeId(1));
    lead("a", storeId(0));
    expectLedBy(storeId(0));
    Target before = cluster.leader("a");
    SimStore old = before.store();
    cluster.lost =
        envelope ->
            envelope.from().getStoreId() == storeId(0)
                && envelope.regionId() != before.view().regionId()
                && envelope.message() instanceof Vote;
    cluster.await(old.access().split(before.view(), List.of(Key.of("m"))));
    Target first = cluster.leader("a");
    cluster.lost = envelope -> false;
    assertNotEquals(old, first.store());
    assertEquals(old, cluster.leader("z").store());
    cluster.put("a", "1");
    expectLedBy(first.store().node.storeId());
  }
}
