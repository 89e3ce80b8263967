package dev.kittiwake.kv.cluster;

import static dev.kittiwake.kv.cluster.TxnRequests.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.region.HashVerdict;
import dev.kittiwake.kv.region.HashVerdict.Conclusion;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a store has collected it has collected for ever: it knows so after a restart, and so does
 * who got its data from it.
 */
class CollectedTest {
  private final SimCluster cluster =
      new SimCluster(91, KvConfig.fastTest().with(KvSetting.RESOLVED_TS_INTERVAL, "100ms"))
          .serving()
          .grow(3);
  private final TxnRequests txn = new TxnRequests(cluster);
  private long old; // when the key had its first value
  private long safePoint; // when it had its second

  private void twoVersions() {
    txn.put("k", "first");
    old = txn.timestamp();
    txn.put("k", "second");
    safePoint = txn.timestamp();
    cluster.time.run(500); // followers apply what was committed
  }

  private void collect(SimStore store) {
    store.access().collectBelow(safePoint);
    long deleted = store.access().collect(KeyRange.ALL, safePoint).step(1_000, 1 << 20).deleted();
    assertEquals(1, deleted);
  }

  private GetResponse replicaRead(SimStore store, long ts) {
    GetResponse[] answer = new GetResponse[1];
    cluster.until(
        "the region answers",
        () -> {
          answer[0] =
              cluster.await(txn.get(store, txn.at(store, "k").setReplicaRead(true), "k", ts));
          return !answer[0].hasRegionError();
        });
    return answer[0];
  }

  private void assertRefused(SimStore store, long ts) {
    GetResponse answer = replicaRead(store, ts);
    assertTrue(answer.getError().toString().contains("collected"), answer.toString());
  }

  private void restartAll() {
    List<SimStore> stores = List.copyOf(cluster.stores.values());
    stores.forEach(store -> store.kill(true));
    stores.forEach(cluster::restart);
    cluster.until("they lead again", () -> !cluster.leaders(stored("k")).isEmpty());
  }

  private HashVerdict verify() {
    HashVerdict[] verdict = new HashVerdict[1];
    cluster.until(
        "the leader compares",
        () -> {
          SimCluster.Target target = cluster.leader(stored("k"));
          verdict[0] = cluster.await(target.store().access().verify(target.view().regionId()));
          return verdict[0].conclusion() != Conclusion.NOT_DONE;
        });
    return verdict[0];
  }

  @Test
  void aReaderOfThePastIsToldSoAlsoAfterARestart() {
    twoVersions();
    SimStore collector = txn.follower("k");
    assertEquals("first", replicaRead(collector, old).getValue().toStringUtf8());
    collect(collector);
    assertRefused(collector, old);
    collector.kill(true);
    cluster.restart(collector);
    cluster.until("it is back", () -> !collector.access().regions().isEmpty());
    assertRefused(collector, old);
    assertEquals("second", replicaRead(collector, safePoint).getValue().toStringUtf8());
  }

  /** Also if nobody has asked the placement driver since for the safe point. */
  @Test
  void whoCollectedBeforeARestartIsNotTakenForDamaged() {
    twoVersions();
    collect(txn.follower("k"));
    restartAll();
    HashVerdict verdict = verify();
    assertTrue(
        Set.of(Conclusion.SAME, Conclusion.INCOMPLETE).contains(verdict.conclusion()),
        verdict.toString());
  }

  @Test
  void aSnapshotTellsWhatIsMissingFromIt() {
    twoVersions();
    SimStore leader = cluster.leader(stored("k")).store();
    List<SimStore> others = cluster.stores.values().stream().filter(s -> s != leader).toList();
    SimStore leaves = others.get(0);
    SimStore stays = others.get(1);
    collect(leader);
    cluster.pd.want(leader.node.storeId(), stays.node.storeId());
    cluster.until("its replica is gone", () -> leaves.access().regions().isEmpty());
    cluster.pd.want(cluster.stores.keySet().toArray(Long[]::new));
    cluster.until("it is back", cluster.pd::settled);
    cluster.until("with a region", () -> !leaves.access().regions().isEmpty());
    assertEquals(safePoint, leaves.access().gcSafePoint());
    assertRefused(leaves, old);
    // Who has collected nothing compares: with himself only.
    long region = cluster.leader(stored("k")).view().regionId();
    cluster.pd.transfer(region, stays.node.storeId());
    cluster.until("the other leads", () -> cluster.pd.leaderStore(region) == stays.node.storeId());
    cluster.pd.noTransfers();
    HashVerdict verdict = verify();
    assertEquals(Conclusion.INCOMPLETE, verdict.conclusion(), verdict.toString());
    assertEquals("first", replicaRead(stays, old).getValue().toStringUtf8());
  }
}
