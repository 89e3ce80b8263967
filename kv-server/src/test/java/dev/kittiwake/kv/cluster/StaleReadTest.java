package dev.kittiwake.kv.cluster;

import static dev.kittiwake.kv.cluster.TxnRequests.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.kvrpcpb.StoreSafeTSRequest;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.raft.Append;
import dev.kittiwake.raft.AppendReply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Every replica serves the past up to where it is known to be complete, and asks nobody. */
class StaleReadTest {
  private final SimCluster cluster =
      new SimCluster(83, KvConfig.fastTest().with(KvSetting.RESOLVED_TS_INTERVAL, "100ms"))
          .serving()
          .grow(3);
  private final TxnRequests txn = new TxnRequests(cluster);

  private GetResponse read(SimStore store, String key, long ts) {
    return cluster.await(txn.get(store, txn.at(store, key).setStaleRead(true), key, ts));
  }

  private boolean isReady(SimStore store, String key, long ts) {
    GetResponse answer = read(store, key, ts);
    if (answer.hasRegionError()) {
      Error error = answer.getRegionError();
      assertTrue(error.hasDataIsNotReady() || error.hasEpochNotMatch(), error.toString());
    }
    return !answer.hasRegionError();
  }

  private void untilReady(String key, long ts) {
    for (SimStore store : cluster.stores.values()) {
      cluster.until("store " + store.node.storeId(), () -> isReady(store, key, ts));
    }
  }

  private long safeTs(SimStore store) {
    return cluster
        .await(
            store
                .side
                .api()
                .call(KvMethod.GET_STORE_SAFE_TS, StoreSafeTSRequest.getDefaultInstance()))
        .getSafeTs();
  }

  @Test
  void thePastIsServedEverywhereEvenByWhoIsCutOff() {
    long first = txn.put("k", "1");
    long second = txn.put("k", "2");
    untilReady("k", second);
    cluster.cutOff.addAll(cluster.stores.keySet());
    for (SimStore store : cluster.stores.values()) {
      assertTrue(read(store, "k", first - 1).getNotFound());
      assertEquals("1", read(store, "k", first).getValue().toStringUtf8());
      assertEquals("2", read(store, "k", second).getValue().toStringUtf8());
    }
  }

  @Test
  void whoDoesNotKnowYetSaysHowFarItKnows() {
    long ts = txn.put("k", "1");
    untilReady("k", ts);
    SimStore follower = txn.follower("k");
    long ahead = txn.timestamp() + 1_000_000;
    Error error = read(follower, "k", ahead).getRegionError();
    long safe = error.getDataIsNotReady().getSafeTs();
    assertTrue(Long.compareUnsigned(safe, ts) >= 0, error.toString());
    assertEquals(txn.at(follower, "k").getPeer().getId(), error.getDataIsNotReady().getPeerId());
    assertTrue(read(follower, "k", -1).getRegionError().hasDataIsNotReady(), "the latest");
    cluster.until("the store says so", () -> Long.compareUnsigned(safeTs(follower), ts) >= 0);
  }

  @Test
  void anOpenTransactionHoldsThePastBackUntilItEnds() {
    txn.put("k", "old");
    long startTs = txn.timestamp();
    assertEquals(0, cluster.await(txn.prewrite("k", "new", startTs, false)).getErrorsCount());
    untilReady("k", startTs - 1);
    cluster.time.run(2_000);
    for (SimStore store : cluster.stores.values()) {
      assertFalse(isReady(store, "k", startTs));
    }
    long commitTs = txn.timestamp();
    assertFalse(txn.commit("k", startTs, commitTs).hasError());
    untilReady("k", commitTs);
    SimStore follower = txn.follower("k");
    assertEquals("old", read(follower, "k", commitTs - 1).getValue().toStringUtf8());
    assertEquals("new", read(follower, "k", commitTs).getValue().toStringUtf8());
  }

  /**
   * It began before the promise, and was locked after it: it commits above, so it is no obstacle.
   */
  @Test
  void aLateLockOfAnEarlyTransactionIsPassedOver() {
    txn.put("k", "old");
    long startTs = txn.timestamp();
    long readTs = txn.timestamp();
    untilReady("k", readTs);
    assertEquals(0, cluster.await(txn.prewrite("k", "new", startTs, false)).getErrorsCount());
    for (SimStore store : cluster.stores.values()) {
      assertEquals("old", read(store, "k", readTs).getValue().toStringUtf8());
    }
    PrewriteResponse other = cluster.await(txn.prewrite("other", "v", startTs, true));
    assertTrue(
        Long.compareUnsigned(other.getOnePcCommitTs(), readTs) > 0,
        "nothing is committed where the past was promised to be complete: " + other);
  }

  /** Its commit timestamp is computed, but neither in the log of the others nor in the data. */
  @Test
  void aCommitInFlightHoldsThePastBack() {
    txn.put("k", "old");
    SimStore follower = txn.follower("k");
    untilReady("k", txn.timestamp());
    cluster.lost = envelope -> envelope.message() instanceof AppendReply;
    long startTs = txn.timestamp();
    CompletableFuture<PrewriteResponse> inFlight = txn.prewrite("k", "new", startTs, true);
    long readTs = txn.timestamp();
    cluster.time.run(1_000);
    assertFalse(inFlight.isDone());
    assertFalse(isReady(follower, "k", readTs), "it may lie below");
    cluster.lost = envelope -> false;
    long commitTs = cluster.await(inFlight).getOnePcCommitTs();
    untilReady("k", Math.max(readTs, commitTs));
    assertEquals("new", read(follower, "k", commitTs).getValue().toStringUtf8());
    assertEquals("old", read(follower, "k", commitTs - 1).getValue().toStringUtf8());
  }

  @Test
  void aReplicaThatLagsServesOnlyWhatItHas() {
    long first = txn.put("k", "1");
    untilReady("k", first);
    SimStore follower = txn.follower("k");
    long id = follower.node.storeId();
    cluster.lost =
        envelope -> envelope.to().getStoreId() == id && envelope.message() instanceof Append;
    long second = txn.put("k", "2");
    cluster.time.run(1_000);
    assertFalse(isReady(follower, "k", second), "promises have come, the entry has not");
    assertEquals("1", read(follower, "k", first).getValue().toStringUtf8());
    cluster.lost = envelope -> false;
    untilReady("k", second);
    assertEquals("2", read(follower, "k", second).getValue().toStringUtf8());
  }

  /** The new leader has not followed the locks: it looks for them first. */
  @Test
  void aNewLeaderFindsTheLocksThatWereThere() {
    long startTs = txn.timestamp();
    assertEquals(0, cluster.await(txn.prewrite("k", "new", startTs, false)).getErrorsCount());
    long region = cluster.leader(stored("k")).view().regionId();
    SimStore next = txn.follower("k");
    cluster.pd.transfer(region, next.node.storeId());
    cluster.until("they lead", () -> cluster.pd.leaderStore(region) == next.node.storeId());
    cluster.time.run(2_000);
    for (SimStore store : cluster.stores.values()) {
      assertFalse(isReady(store, "k", startTs));
    }
    long commitTs = txn.timestamp();
    assertFalse(txn.commit("k", startTs, commitTs).hasError());
    untilReady("k", commitTs);
  }

  @Test
  void aLeaderThatIsCutOffPromisesNothingMore() {
    txn.put("k", "old");
    SimStore deposed = cluster.leader(stored("k")).store();
    cluster.cutOff.add(deposed.node.storeId());
    cluster.time.run(200); // it takes itself for the leader still
    cluster.until(
        "another leader",
        () -> cluster.leaders(stored("k")).stream().anyMatch(t -> t.store() != deposed));
    cluster.time.run(1_000);
    SimStore other =
        cluster.leaders(stored("k")).stream()
            .filter(t -> t.store() != deposed)
            .findFirst()
            .orElseThrow()
            .store();
    long[] commitTs = new long[1];
    cluster.until(
        "a commit",
        () -> {
          var response =
              cluster.await(
                  other
                      .side
                      .api()
                      .call(
                          KvMethod.KV_PREWRITE,
                          dev.kittiwake.proto.kvrpcpb.PrewriteRequest.newBuilder()
                              .setContext(txn.at(other, "k"))
                              .setStartVersion(txn.timestamp())
                              .setPrimaryLock(TxnRequests.bytes("k"))
                              .addMutations(
                                  dev.kittiwake.proto.kvrpcpb.Mutation.newBuilder()
                                      .setKey(TxnRequests.bytes("k"))
                                      .setValue(TxnRequests.bytes("new")))
                              .setTryOnePc(true)
                              .setLockTtl(1_000)
                              .build()));
          commitTs[0] = response.getOnePcCommitTs();
          return commitTs[0] != 0;
        });
    cluster.time.run(2_000);
    assertFalse(isReady(deposed, "k", commitTs[0]), "it lacks the commit");
    cluster.cutOff.clear();
    untilReady("k", commitTs[0]);
    assertEquals("new", read(deposed, "k", commitTs[0]).getValue().toStringUtf8());
  }

  @Test
  void splitsAndMergesBeginAnew() {
    long ts = txn.put("b", "left");
    long after = txn.put("y", "right");
    untilReady("b", after);
    SimCluster.Target target = cluster.leader(stored("b"));
    assertInstanceOf(
        SplitResult.Done.class,
        cluster.await(target.store().access().split(target.view(), List.of(stored("m")))));
    long split = txn.put("b", "later");
    untilReady("b", split);
    untilReady("y", split);
    SimStore follower = txn.follower("b");
    assertEquals("left", read(follower, "b", ts).getValue().toStringUtf8());
    assertEquals("later", read(follower, "b", split).getValue().toStringUtf8());
    cluster.pd.merge(region("b"), region("y"));
    cluster.until("one region", () -> cluster.pd.regionList().size() == 1 && cluster.tiles());
    long merged = txn.put("b", "merged");
    untilReady("b", merged);
    untilReady("y", merged);
    for (SimStore store : cluster.stores.values()) {
      assertEquals("later", read(store, "b", merged - 1).getValue().toStringUtf8());
      assertEquals("merged", read(store, "b", merged).getValue().toStringUtf8());
    }
  }

  private long region(String key) {
    return cluster.leader(stored(key)).view().regionId();
  }

  @Test
  void aReplicaThatStartsAgainKnowsSoonWhatIsSafe() {
    long ts = txn.put("k", "1");
    untilReady("k", ts);
    SimStore follower = txn.follower("k");
    follower.kill(false);
    cluster.restart(follower);
    cluster.until("it is back", () -> !follower.access().regions().isEmpty());
    untilReady("k", ts);
    assertEquals("1", read(follower, "k", ts).getValue().toStringUtf8());
  }
}
