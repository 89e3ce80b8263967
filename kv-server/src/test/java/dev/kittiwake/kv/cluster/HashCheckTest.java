package dev.kittiwake.kv.cluster;

import static dev.kittiwake.kv.cluster.TxnRequests.stored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.kv.region.HashVerdict;
import dev.kittiwake.kv.region.HashVerdict.Conclusion;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A replica whose data is not what the others have is found, told and never served. */
class HashCheckTest {
  private final SimCluster cluster =
      new SimCluster(87, KvConfig.fastTest().with(KvSetting.RESOLVED_TS_INTERVAL, "100ms"))
          .serving()
          .grow(3);
  private final TxnRequests txn = new TxnRequests(cluster);

  private HashVerdict verify() {
    SimCluster.Target target = cluster.leader(stored("k"));
    return cluster.await(target.store().access().verify(target.view().regionId()));
  }

  private long peerAt(SimStore store) {
    return txn.at(store, "k").getPeer().getId();
  }

  /** A disk that lost a version, and nobody saw it. */
  private static void lose(SimStore store, String key, long commitTs) {
    Key version = VersionedKey.of(Key.of(key), commitTs);
    assertTrue(store.engine.get(Family.WRITE, engineKey(version)) != null, "there is one to lose");
    store.engine.write(new WriteBatch().delete(Family.WRITE, engineKey(version)));
  }

  private static byte[] engineKey(Key key) {
    byte[] stored = key.toBytes();
    byte[] engineKey = new byte[stored.length + 1];
    engineKey[0] = 'z';
    System.arraycopy(stored, 0, engineKey, 1, stored.length);
    return engineKey;
  }

  private void settle() {
    cluster.time.run(500); // followers apply what was committed
  }

  @Test
  void replicasThatAppliedTheSameHoldTheSame() {
    for (int i = 0; i < 20; i++) {
      txn.put("k" + i % 5, "v" + i);
      cluster.put("raw" + i, "r" + i);
    }
    txn.put("k", "x".repeat(1_000)); // its value lies in a family of its own
    assertEquals(
        0, cluster.await(txn.prewrite("open", "v", txn.timestamp(), false)).getErrorsCount());
    HashVerdict first = verify();
    assertEquals(Conclusion.SAME, first.conclusion(), first.toString());
    assertEquals(3, first.hashes().size());
    txn.put("k", "another");
    HashVerdict second = verify();
    assertEquals(Conclusion.SAME, second.conclusion());
    assertNotEquals(first.hashes(), second.hashes(), "it is a hash of the data");
  }

  /** Each store collects when it likes, past raft. */
  @Test
  void garbageThatOnlySomeHaveCollectedIsNoDifference() {
    txn.put("k", "x".repeat(1_000));
    txn.put("k", "y".repeat(1_000));
    txn.put("k", "z".repeat(1_000));
    txn.put("other", "short");
    long safePoint = txn.timestamp();
    txn.put("k", "after");
    settle();
    cluster.stores.values().forEach(store -> store.access().collectBelow(safePoint));
    SimStore one = txn.follower("k");
    long deleted = one.access().collect(KeyRange.ALL, safePoint).step(1_000, 1 << 20).deleted();
    assertEquals(2, deleted);
    HashVerdict verdict = verify();
    assertEquals(Conclusion.SAME, verdict.conclusion(), verdict.toString());
  }

  /** It may have deleted what the leader still counts. */
  @Test
  void whoseSafePointIsAheadDoesNotCompare() {
    long old = txn.put("k", "1");
    long safePoint = txn.put("k", "2");
    settle();
    SimStore ahead = txn.follower("k");
    ahead.access().collectBelow(safePoint);
    lose(ahead, "k", old);
    HashVerdict verdict = verify();
    assertEquals(Conclusion.INCOMPLETE, verdict.conclusion(), verdict.toString());
    assertEquals(2, verdict.hashes().size());
  }

  @Test
  void aFollowerThatLostAVersionIsFoundToldAndNotServed() {
    long ts = txn.put("k", "v");
    settle();
    SimStore damaged = txn.follower("k");
    long region = cluster.leader(stored("k")).view().regionId();
    long peer = peerAt(damaged);
    lose(damaged, "k", ts);
    HashVerdict verdict = verify();
    assertEquals(Conclusion.DIVERGED, verdict.conclusion(), verdict.toString());
    assertEquals(Set.of(peer), verdict.damaged());
    cluster.until("it knows", () -> damaged.access().damagedRegions().equals(Set.of(region)));
    cluster.until(
        "the placement driver is told", () -> cluster.pd.down(region).equals(Set.of(peer)));
    servesNothing(damaged);
    damaged.kill(true);
    cluster.restart(damaged);
    cluster.until("it is back", () -> !damaged.access().regions().isEmpty());
    servesNothing(damaged);
    assertEquals("v", read(cluster.leader(stored("k")).store(), ts).getValue().toStringUtf8());
  }

  private void servesNothing(SimStore damaged) {
    long ts = txn.timestamp();
    for (var context :
        List.of(
            txn.at(damaged, "k").setReplicaRead(true),
            txn.at(damaged, "k").setStaleRead(true),
            txn.at(damaged, "k"))) {
      GetResponse answer = cluster.await(txn.get(damaged, context, "k", ts));
      assertTrue(answer.getRegionError().hasRegionNotFound(), answer.toString());
    }
  }

  private GetResponse read(SimStore store, long ts) {
    return cluster.await(txn.get(store, txn.at(store, "k"), "k", ts));
  }

  @Test
  void aDamagedLeaderHandsTheLeadOver() {
    long ts = txn.put("k", "v");
    settle();
    SimStore damaged = cluster.leader(stored("k")).store();
    long region = cluster.leader(stored("k")).view().regionId();
    lose(damaged, "k", ts);
    assertEquals(Set.of(peerAt(damaged)), verify().damaged());
    cluster.until("it knows", () -> !damaged.access().damagedRegions().isEmpty());
    cluster.until("another leads", () -> cluster.pd.leaderStore(region) != damaged.node.storeId());
    assertEquals("v", read(cluster.leader(stored("k")).store(), ts).getValue().toStringUtf8());
    cluster.pd.transfer(region, damaged.node.storeId());
    cluster.time.run(3_000);
    cluster.pd.noTransfers();
    servesNothing(damaged);
    cluster.until("it led in vain", () -> !cluster.leaders(stored("k")).isEmpty());
    assertEquals("v", read(cluster.leader(stored("k")).store(), ts).getValue().toStringUtf8());
  }

  @Test
  void whoHasBeenReplacedServesAgain() {
    long ts = txn.put("k", "v");
    settle();
    SimStore damaged = txn.follower("k");
    lose(damaged, "k", ts);
    verify();
    cluster.until("it knows", () -> !damaged.access().damagedRegions().isEmpty());
    Long[] others =
        cluster.stores.keySet().stream()
            .filter(id -> id != damaged.node.storeId())
            .toArray(Long[]::new);
    cluster.pd.want(others);
    cluster.until("it is gone", () -> damaged.access().regions().isEmpty());
    assertTrue(damaged.access().damagedRegions().isEmpty());
    cluster.pd.want(cluster.stores.keySet().toArray(Long[]::new));
    cluster.until("it is back", cluster.pd::settled);
    cluster.until("with a region", () -> !damaged.access().regions().isEmpty());
    cluster.until(
        "it serves",
        () ->
            cluster
                .await(txn.get(damaged, txn.at(damaged, "k").setReplicaRead(true), "k", ts))
                .getValue()
                .toStringUtf8()
                .equals("v"));
    assertEquals(Conclusion.SAME, verify().conclusion());
  }

  @Test
  void aRawValueThatRottedIsFoundToo() {
    cluster.put("k", "right");
    settle();
    SimStore damaged = txn.follower("k");
    damaged.engine.write(
        new WriteBatch().put(Family.DEFAULT, "zk".getBytes(UTF_8), "wrong".getBytes(UTF_8)));
    assertEquals(Set.of(peerAt(damaged)), verify().damaged());
  }

  /** A range that is destroyed past raft goes from one store after the other. */
  @Test
  void aDifferenceThatPassesIsNone() {
    cluster.put("k", "v");
    settle();
    SimStore first = txn.follower("k");
    first.engine.write(new WriteBatch().delete(Family.DEFAULT, "zk".getBytes(UTF_8)));
    SimCluster.Target target = cluster.leader(stored("k"));
    var verdict = target.store().access().verify(target.view().regionId());
    cluster.time.run(300); // the first look is over
    assertFalse(verdict.isDone(), "it looks twice");
    cluster
        .stores
        .values()
        .forEach(
            store ->
                store.engine.write(new WriteBatch().delete(Family.DEFAULT, "zk".getBytes(UTF_8))));
    assertEquals(Conclusion.SAME, cluster.await(verdict).conclusion());
    assertTrue(first.access().damagedRegions().isEmpty());
  }

  @Test
  void whoDoesNotLeadDoesNotCompare() {
    SimStore follower = txn.follower("k");
    long region = cluster.leader(stored("k")).view().regionId();
    assertEquals(Conclusion.NOT_DONE, cluster.await(follower.access().verify(region)).conclusion());
    assertEquals(Conclusion.NOT_DONE, cluster.await(follower.access().verify(999)).conclusion());
  }
}
